using Moldau.Protocol.Errors;

namespace Moldau.Client.Consuming;

/// <summary>What was to be read next is not there: it was deleted, or never written. Seek elsewhere, or choose a reset.</summary>
public sealed class OffsetOutOfRangeException(TopicPartition partition, long offset) : KafkaException(
    ErrorCode.OffsetOutOfRange,
    $"there is no offset {offset}: it was deleted, or never written; seek to one that there is, or choose a reset",
    partition.ToString())
{
    public TopicPartition Partition { get; } = partition;

    public long Offset { get; } = offset;
}
