using Moldau.Storage.Checkpoints;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Logs;

/// <summary>A log as it was found in its folder, or made there: what <see cref="PartitionLog"/> goes on from.</summary>
internal sealed class LoadedLog
{
    public required LogDisk Disk { get; init; }

    public required string Folder { get; init; }

    /// <summary>One at least.</summary>
    public required SegmentList Segments { get; init; }

    public required long StartOffset { get; init; }

    public required long EndOffset { get; init; }

    public required long RecoveryPoint { get; init; }

    public required ProducerStates Producers { get; init; }

    public required ProducerSnapshotFiles Snapshots { get; init; }

    public required LeaderEpochCache Epochs { get; init; }

    public required LogDamageRanges Damage { get; init; }

    public long CompactedUpTo { get; init; }

    /// <summary>The first segment whose index files are not up to date; null where all are.</summary>
    public int? FirstUnsaved { get; init; }

    /// <summary>Files that were damaged, and may go once what they said is made anew and on disk.</summary>
    public IReadOnlyList<string> Damaged { get; init; } = [];

    /// <summary>What leaders' epochs begin with from now on; above all there were where the log was not closed in order.</summary>
    public int LowestEpoch { get; init; }
}
