using Moldau.Client.Fetching;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Sharing;

/// <summary>A partition that the group's coordinator gave this member, and who leads it. Guarded by the lock of its <see cref="ShareTable"/>.</summary>
internal sealed class SharePartition(TopicPartition where)
{
    public TopicPartition Where => where;

    /// <summary>What its batches are laid out for.</summary>
    public PartitionState State { get; } = new(where);

    public Uuid TopicId { get; set; }

    public int Leader { get; set; } = -1;

    public int LeaderEpoch { get; set; } = -1;

    public int Failures { get; set; }

    public long RetryAt { get; set; }
}
