using Moldau.Storage.Checkpoints;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Moving;

/// <summary>
/// What of a log can be copied file by file, because it changes no more: its closed segments, and what is known at their
/// end. Compaction and retention keep away from it; what is appended behind it is caught up with batch by batch.
/// </summary>
internal sealed class CopySource
{
    private CopySource(PartitionLog log, SegmentList segments)
    {
        Log = log;
        Closed = segments.All[..^1].ToArray();
        Active = segments.Last;
        End = log.EndOffset;
        StartOffset = log.StartOffset;
        CompactedUpTo = log.CompactedUpTo;
        Epochs = [.. log.Epochs.Entries];
        Producers = ProducerSnapshot.Write(log.Producers.Producers);
        Generation = log.Flushing.Generation;
    }

    public PartitionLog Log { get; }

    public IReadOnlyList<LogSegment> Closed { get; }

    /// <summary>Empty at this moment, and where what is appended goes.</summary>
    public LogSegment Active { get; }

    public long End { get; }

    public long StartOffset { get; }

    public long CompactedUpTo { get; }

    public EpochStart[] Epochs { get; }

    /// <summary>Their states at the end, as a snapshot holds them.</summary>
    public byte[] Producers { get; }

    private int Generation { get; }

    /// <summary>As the log's writer: begins a new segment, so that all there is lies in closed ones, whose indexes are in their files.</summary>
    /// <exception cref="IOException">The log takes no more appends, or its disk has no room.</exception>
    public static CopySource Take(PartitionLog log)
    {
        if (log.Fault is { } fault) throw new CopyEndedException(fault.Reason);
        log.Roll();
        if (!log.TryCheckpoint()) throw log.LastFailure!;
        return new CopySource(log, log.Segments);
    }

    /// <exception cref="CopyEndedException">It was truncated since, or has failed: a copy of it is worth nothing.</exception>
    public void EnsureUnchanged()
    {
        if (Log.Fault is { } fault) throw new CopyEndedException(fault.Reason);
        if (Log.Flushing.Generation != Generation) throw new CopyEndedException($"{Log.Name} was truncated");
    }
}
