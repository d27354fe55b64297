using Moldau.Protocol.Errors;

namespace Moldau.Client.Consuming;

/// <summary>
/// The partition's new leader does not have what was read of it: the log was cut back, and other records may follow from
/// <see cref="Diverges"/> on. Only with <see cref="OffsetReset.None"/>; otherwise reading goes on there.
/// </summary>
public sealed class LogTruncationException(TopicPartition partition, OffsetPosition position, OffsetPosition? diverges) : KafkaException(
    ErrorCode.OffsetOutOfRange,
    $"the log was cut back below offset {position.Offset} of epoch {position.LeaderEpoch}: "
    + (diverges is { } there ? $"from offset {there.Offset} (epoch {there.LeaderEpoch}) on it may hold other records; seek there to go on" : "nothing of that epoch is left; seek to go on"),
    partition.ToString())
{
    public TopicPartition Partition { get; } = partition;

    /// <summary>Where reading was.</summary>
    public OffsetPosition Position { get; } = position;

    /// <summary>The first offset from which on the log may be another; null where that is not known.</summary>
    public OffsetPosition? Diverges { get; } = diverges;
}
