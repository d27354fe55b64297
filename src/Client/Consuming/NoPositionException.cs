using Moldau.Protocol.Errors;

namespace Moldau.Client.Consuming;

/// <summary>Nothing says where to begin, and <see cref="OffsetReset.None"/> was chosen. Seek first, or choose another.</summary>
public sealed class NoPositionException(TopicPartition partition) : KafkaException(
    ErrorCode.OffsetOutOfRange, "nothing says where to begin: no offset is committed, and the reset is None; seek, or choose another reset", partition.ToString())
{
    public TopicPartition Partition { get; } = partition;
}
