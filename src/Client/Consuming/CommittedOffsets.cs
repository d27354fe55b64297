namespace Moldau.Client.Consuming;

/// <summary>Asks a group what was committed; partitions without are not in the answer.</summary>
internal delegate Task<IReadOnlyDictionary<TopicPartition, OffsetPosition>> CommittedOffsets(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation);
