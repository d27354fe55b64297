using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Folders;

/// <summary>
/// The partitions of a data folder and the three files that say of each its recovery point, its start, and how far
/// compaction has come. A save reads the values and writes them under one lock: an older value never replaces a newer one,
/// which a truncation relies on that has lowered its point.
/// </summary>
internal sealed class FolderCheckpoints(IFileSystem disk, string folder)
{
    /// <summary>
    /// Our own beside Kafka's three: the length of each log's last segment, noted at an orderly stop. The next start then
    /// opens the logs by their sizes, and reads no batch to be sure of them.
    /// </summary>
    public const string ClosedLengths = "moldau-closed-length-checkpoint";

    private readonly Lock _sync = new();
    private readonly Dictionary<PartitionName, LogPlace> _places = [];
    private readonly SavedOffsets _points = new(disk, Path.Combine(folder, OffsetCheckpoint.RecoveryPoint));
    private readonly SavedOffsets _starts = new(disk, Path.Combine(folder, OffsetCheckpoint.LogStart));
    private readonly SavedOffsets _cleaned = new(disk, Path.Combine(folder, OffsetCheckpoint.Cleaner));
    private readonly SavedOffsets _lengths = new(disk, Path.Combine(folder, ClosedLengths));
    private volatile PartitionLog[] _logs = [];

    /// <summary>Every log that is open, in no order. Replaced as a whole.</summary>
    public IReadOnlyList<PartitionLog> Logs => _logs;

    /// <summary>Why the last save did not succeed; null since one has. What was to be saved waits for the next tick.</summary>
    public DiskException? LastFailure { get; private set; }

    /// <summary>
    /// Makes the files where the folder holds no partition yet, so that one that is missing later is known to be lost.
    /// </summary>
    public static void EnsureFiles(IFileSystem disk, string folder)
    {
        foreach (var entry in disk.List(folder))
        {
            if (entry.IsFolder && PartitionName.TryParse(entry.Name, out _)) return;
        }

        foreach (var name in (ReadOnlySpan<string>)[OffsetCheckpoint.RecoveryPoint, OffsetCheckpoint.LogStart, OffsetCheckpoint.Cleaner])
        {
            var path = Path.Combine(folder, name);
            if (!disk.FileExists(path)) new OffsetCheckpoint(disk, path).Write([]);
        }
    }

    /// <summary>Takes in what the files say.</summary>
    /// <returns>False where the recovery points could not be read: nobody knows then which partitions there were.</returns>
    public bool Read(List<RecoveryNote> notes)
    {
        lock (_sync)
        {
            TryRead(_starts, static (place, offset) => place.StartOffset = offset, "records that were deleted may be seen again", notes);
            TryRead(_cleaned, static (place, offset) => place.CompactedUpTo = offset, "compaction begins again", notes);
            return TryRead(_points, static (place, offset) => place.Point = offset, "every log is read from its first segment on", notes);
        }
    }

    /// <summary>Takes in how long the logs' last segments were; where nobody has noted it, their ends are looked at.</summary>
    public void ReadClosedLengths(List<RecoveryNote> notes)
    {
        lock (_sync)
        {
            // A folder that Kafka has closed has none.
            if (disk.FileExists(_lengths.Path))
                TryRead(_lengths, static (place, length) => place.ClosedLength = length, "every log's end is looked at", notes);
        }
    }

    /// <exception cref="DiskException">They were not saved.</exception>
    public void SaveClosedLengths()
    {
        lock (_sync)
        {
            var entries = new List<PartitionOffset>(_places.Count);
            foreach (var place in _places.Values)
            {
                if (place.Log is { } log) entries.Add(new PartitionOffset(place.Name.Topic, place.Name.Partition, log.Segments.Last.Length));
            }

            _lengths.Save(entries);
        }
    }

    /// <summary>Its place; made where there was none.</summary>
    public LogPlace PlaceOf(PartitionName name)
    {
        lock (_sync) return PlaceOfLocked(name);
    }

    public LogPlace? Find(PartitionName name)
    {
        lock (_sync) return _places.GetValueOrDefault(name);
    }

    public List<LogPlace> Places()
    {
        lock (_sync) return [.. _places.Values];
    }

    /// <summary>The partition has a log now, or a reason why not.</summary>
    public void Put(HostedLog hosted, PartitionLog? log, string? offlineReason)
    {
        lock (_sync)
        {
            var place = PlaceOfLocked(hosted.Name);
            (place.Hosted, place.Log, place.OfflineReason) = (hosted, log, offlineReason);
            if (log is null) return;
            place.Point = log.RecoveryPoint;
            place.SavedBytes = 0;
        }
    }

    public void Remove(PartitionName name)
    {
        lock (_sync) _places.Remove(name);
    }

    private void LogsChanged()
    {
        lock (_sync)
        {
            var logs = new List<PartitionLog>(_places.Count);
            foreach (var place in _places.Values)
            {
                if (place.Log is { } log) logs.Add(log);
            }

            _logs = [.. logs];
        }
    }

    /// <exception cref="DiskException">Not all were saved; the files have the old ones, or the new ones.</exception>
    public void SaveAll()
    {
        LogsChanged();
        if (TrySave() is { } failure) throw failure;
    }

    /// <exception cref="DiskException">They were not saved; the file has the old ones, or the new ones.</exception>
    public void SaveRecoveryPoints()
    {
        lock (_sync)
        {
            var entries = new List<PartitionOffset>(_places.Count);
            foreach (var place in _places.Values)
            {
                // A log that is being emptied has none: it may be found without a segment.
                if (place.Log is { } log) place.Point = log.RecoveryPoint >= 0 ? log.RecoveryPoint : null;
                if (place.Point is { } point) entries.Add(new PartitionOffset(place.Name.Topic, place.Name.Partition, point));
            }

            _points.Save(entries);
            foreach (var place in _places.Values)
            {
                if (place.Log is { } log) place.SavedBytes = log.Flushing.PointBytes;
            }

            // A point that went down took this one with it, and there is no need to wait for anything.
            SaveCleanedLocked();
        }
    }

    /// <summary>Durable when it returns, as whoever deletes records needs it.</summary>
    /// <exception cref="DiskException">They were not saved; the file has the old ones, or the new ones.</exception>
    public void SaveStartOffsets()
    {
        lock (_sync)
        {
            var entries = new List<PartitionOffset>();
            foreach (var place in _places.Values)
            {
                // Also where the first segment begins there: those before it may be back after a crash.
                if (place.Log is { } log) place.StartOffset = log.StartOffset;
                if (place.StartOffset > 0) entries.Add(new PartitionOffset(place.Name.Topic, place.Name.Partition, place.StartOffset));
            }

            _starts.Save(entries);
        }
    }

    /// <exception cref="DiskException">They were not saved; the file has the old ones, or the new ones.</exception>
    public void SaveCompacted()
    {
        lock (_sync) SaveCleanedLocked();
    }

    /// <summary>
    /// Behind a round of the flusher. After a crash more than <see cref="LogSettings.CheckpointBytes"/> of a log would be
    /// read again: that is saved at once; less waits for the next tick.
    /// </summary>
    public void RecoveryPointsMoved()
    {
        lock (_sync)
        {
            foreach (var place in _places.Values)
            {
                if (place.Log is not { } log || log.Flushing.PointBytes - place.SavedBytes < log.Settings.CheckpointBytes) continue;
                Try(SaveRecoveryPoints);
                return;
            }
        }
    }

    /// <summary>Saves what has changed and could wait, or had to.</summary>
    public void Tick() => TrySave();

    private DiskException? TrySave()
    {
        lock (_sync) return LastFailure = Try(SaveRecoveryPoints) ?? Try(SaveStartOffsets) ?? Try(SaveCompacted);
    }

    private DiskException? Try(Action save)
    {
        try
        {
            save();
            return null;
        }
        catch (DiskException failure)
        {
            return LastFailure = failure;
        }
    }

    private void SaveCleanedLocked()
    {
        var entries = new List<PartitionOffset>();
        foreach (var place in _places.Values)
        {
            if (place.Log is { } log) place.CompactedUpTo = log.CompactedUpTo;
            if (place.CompactedUpTo > 0) entries.Add(new PartitionOffset(place.Name.Topic, place.Name.Partition, place.CompactedUpTo));
        }

        _cleaned.Save(entries);
    }

    private bool TryRead(SavedOffsets file, Action<LogPlace, long> take, string consequence, List<RecoveryNote> notes)
    {
        try
        {
            foreach (var (topic, partition, offset) in file.Read()) take(PlaceOfLocked(new PartitionName(topic, partition)), offset);
            return true;
        }
        catch (DamagedFileException damaged)
        {
            notes.Add(new RecoveryNote(RecoveryRow.W7, file.Path, $"{damaged.Message}; gone on without it: {consequence}", IsAlarm: true));
            return false;
        }
    }

    private LogPlace PlaceOfLocked(PartitionName name)
    {
        if (!_places.TryGetValue(name, out var place)) _places.Add(name, place = new LogPlace(name));
        return place;
    }
}
