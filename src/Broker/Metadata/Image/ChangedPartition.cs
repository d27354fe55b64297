using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Metadata.Image;

/// <summary>A partition of a topic that was there before and is after; without a state before it is a new one of that topic.</summary>
public sealed record ChangedPartition(TopicImage Topic, int Number, Stored<PartitionRecord>? Before, Stored<PartitionRecord> After);
