using Moldau.Client.Connections;

namespace Moldau.Client.Fetching;

/// <summary>What one answer brought of one partition, and how far it was read.</summary>
internal sealed class FetchedPart(FetchTarget target, BrokerLane lane, AnswerFrame frame, ReadOnlyMemory<byte> records, AbortedRanges? aborted)
{
    public PartitionState State { get; } = target.State;

    public long Fence { get; } = target.Fence;

    public BrokerLane Lane { get; } = lane;

    public AnswerFrame Frame { get; } = frame;

    public ReadOnlyMemory<byte> Records { get; } = records;

    public AbortedRanges? Aborted { get; } = aborted;

    /// <summary>Offsets below it are not wanted: a batch may begin before.</summary>
    public long From { get; } = target.Offset;

    /// <summary>Where the next batch begins in <see cref="Records"/>.</summary>
    public int Read { get; set; }
}
