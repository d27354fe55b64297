using Moldau.Protocol.Errors;

namespace Moldau.Client.Consuming;

/// <summary>What was to be read next is not there: it was deleted, or never written. Seek elsewhere, or choose a reset.</summary>
public sealed class OffsetOutOfRangeException(TopicPartition partition, long offset, long logStart) : KafkaException(
    ErrorCode.OffsetOutOfRange,
    logStart > offset ? $"there is no offset {offset} any more; its records begin at {logStart}: seek there, or choose a reset" : $"there is no offset {offset}; seek to one that there is, or choose a reset",
    partition.ToString())
{
    public TopicPartition Partition { get; } = partition;

    public long Offset { get; } = offset;
}
