namespace Moldau.Client.Consuming;

/// <summary>Commits to a group. One that comes too late for what it commits says nothing of it.</summary>
internal delegate Task CommitOffsets(IReadOnlyDictionary<TopicPartition, OffsetPosition> offsets, CancellationToken cancellation);
