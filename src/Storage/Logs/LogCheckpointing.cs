using Moldau.Storage.Producers;

namespace Moldau.Storage.Logs;

/// <summary>
/// When one log's recovery point is to move, and what has to be written for that. Belongs to the log's writer, who writes
/// into the page cache only; the flusher brings it to disk and moves the point.
/// </summary>
internal sealed class LogCheckpointing(PartitionLog log, ProducerSnapshotFiles snapshots, long recoveryPoint, int? firstUnsaved)
{
    // Kafka's producer.id.expiration.check.interval.ms.
    private const long ProducersEveryMilliseconds = 600_000;

    private long _appendedBytes;
    private long _checkpointedBytes;
    private long _checkpointedAt = log.Disk.Now;
    private long _producersLookedThroughAt = log.Disk.Now;

    // The files of the last segment's indexes are not what they should be, though nothing is appended.
    private bool _isOwed = firstUnsaved is not null;

    public ProducerSnapshotFiles Snapshots { get; } = snapshots;

    /// <summary>The place of the first segment whose indexes may have entries that their files lack.</summary>
    public int FirstUnsaved { get; private set; } = firstUnsaved ?? log.Segments.Count - 1;

    /// <summary>Whether there are indexes that no file has.</summary>
    public bool IsOwed => _isOwed;

    /// <summary>Where the recovery point will be when all that was asked for is on disk.</summary>
    public long RequestedPoint { get; private set; } = recoveryPoint;

    public bool IsDueByBytes => _appendedBytes - _checkpointedBytes >= log.Settings.CheckpointBytes;

    public bool IsDueByTime(long now) =>
        log.EndOffset > RequestedPoint && now - _checkpointedAt >= log.Settings.CheckpointMilliseconds;

    /// <summary>Producers are many and silent for a day before they are forgotten: they are not looked through every second.</summary>
    public bool AreProducersDue(long now) => log.Producers.Count > 0 && now - _producersLookedThroughAt >= ProducersEveryMilliseconds;

    public void ProducersLookedThrough(long now) => _producersLookedThroughAt = now;

    public void Appended(int size) => _appendedBytes += size;

    /// <summary>The disk has no room for it: to be tried again after as many bytes, not with every append.</summary>
    public void Postpone() => _checkpointedBytes = _appendedBytes;

    /// <summary>Writes the indexes' entries and the producers' states down; null where there is nothing new.</summary>
    /// <param name="closes">Whether it is the last one: the index of times then ends with the greatest, as at a roll.</param>
    public LogCheckpoint? Write(bool closes)
    {
        var segments = log.Segments;
        if (closes) _isOwed |= segments.Last.CompleteTimes();
        var end = log.EndOffset;
        if (!_isOwed && end == RequestedPoint && FirstUnsaved == segments.Count - 1) return null;
        // What may fail comes first: a snapshot that is written and then not among the paths would never be flushed.
        log.Epochs.Save();
        // Those at the beginnings of segments are what a truncation goes back to.
        Snapshots.RemoveBelow(log.RecoveryPoint, offset => segments[segments.IndexOf(offset)].BaseOffset == offset);
        var paths = new List<string>();
        var closed = new List<LogSegment>();
        for (var i = FirstUnsaved; i < segments.Count; i++)
        {
            segments[i].Indexes.Save(log.Disk.Files, log.Folder, paths);
            if (i < segments.Count - 1) closed.Add(segments[i]);
        }

        if (Snapshots.Write(log.Producers) is { } snapshot) paths.Add(snapshot);
        FirstUnsaved = segments.Count - 1;
        _checkpointedBytes = _appendedBytes;
        _checkpointedAt = log.Disk.Now;
        _isOwed = false;
        RequestedPoint = end;
        return new LogCheckpoint(end, paths, closed, _appendedBytes);
    }

    /// <summary>A retention or a compaction has changed how many segments lie before the last.</summary>
    public void SegmentsReplaced(int change)
    {
        // More of them than before: nobody knows which are saved.
        FirstUnsaved = change > 0 ? 0 : Math.Max(0, FirstUnsaved + change);
    }

    public void Cut(int segments)
    {
        FirstUnsaved = Math.Min(FirstUnsaved, segments - 1);
        // The files of the last segment's indexes still lead to what was cut.
        _isOwed = true;
    }

    /// <summary>The log is empty, durably, and goes on from an offset: below it there is nothing to look at.</summary>
    public void BeginAt(long offset) => RequestedPoint = offset;

    public void Lower(long offset) => RequestedPoint = Math.Min(RequestedPoint, offset);
}
