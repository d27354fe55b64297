using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata.Image;

/// <summary>A partition that a node is to hold.</summary>
public readonly record struct HostedPartition(string Topic, Uuid TopicId, int Partition);
