using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Recovery;

/// <summary>
/// Opens the log in a folder: by its sizes where it was closed in order, and otherwise by the decision table in
/// docs/internals/recovery.md.
/// </summary>
internal sealed class LogLoader
{
    private readonly LogDisk _disk;
    private readonly string _folder;
    private readonly LogLoadRequest _request;
    private readonly List<RecoveryNote> _notes = [];
    private readonly List<string> _unflushed = [];
    private LeaderEpochCache _epochs = null!;

    private LogLoader(LogDisk disk, string folder, LogLoadRequest request)
    {
        _disk = disk;
        _folder = folder;
        _request = request;
    }

    /// <exception cref="LogMissingException">It had records and has no segment.</exception>
    /// <exception cref="DiskException">The disk failed; nothing was lost by it.</exception>
    /// <exception cref="LogDamageException">What lies there is no log.</exception>
    public static LogLoadResult Load(LogDisk disk, string folder, LogLoadRequest request) => new LogLoader(disk, folder, request).Load();

    private LogLoadResult Load()
    {
        var sweep = new FolderSweep(_disk, _folder, _notes);
        var segments = sweep.Run();
        if (segments.Count == 0 && (_request.HadSegment || _request.RecoveryPoint > _request.StartOffset)) throw new LogMissingException(_folder, _request.RecoveryPoint);
        _epochs = OpenEpochs(segments);
        var latest = _epochs.Latest?.Epoch ?? -1;

        var end = segments.Count == 0 ? _request.StartOffset : _request.WasClosed ? EndOfClosed(segments) : null;
        var wasClosed = end is not null && segments.Count > 0;
        var bytes = new TailRecovery(_disk, _folder, _request, _epochs, segments, sweep.Damage, _notes, _unflushed);
        if (wasClosed) CheckTransactions(sweep, segments, bytes);
        end ??= bytes.Run();
        if (segments.Count == 0 || segments[^1].BaseOffset > end || end < _request.StartOffset) end = BeginAt(segments, Math.Max(end.Value, _request.StartOffset));

        var list = new SegmentList([.. segments]);
        var start = Math.Min(Math.Max(_request.StartOffset, list.First.BaseOffset), end.Value);
        TrimEpochs(start, end.Value);
        var (producers, snapshots) = LoadProducers(sweep, list, start, end.Value, bytes);
        if (sweep.HasChanged) _unflushed.Add(_folder);
        var log = new PartitionLog(
            new LoadedLog
            {
                Disk = _disk,
                Folder = _folder,
                Segments = list,
                StartOffset = start,
                EndOffset = end.Value,
                RecoveryPoint = Math.Min(_request.RecoveryPoint, end.Value),
                Producers = producers,
                Snapshots = snapshots,
                Epochs = _epochs,
                Damage = new LogDamageRanges(sweep.Damage),
                CompactedUpTo = _request.CompactedUpTo,
                FirstUnsaved = bytes.LostTransactionsFrom is { } lost ? list.IndexOf(lost) : bytes.FirstRead,
                LowestEpoch = wasClosed ? Math.Max(latest, 0) : Math.Max(latest, _epochs.Latest?.Epoch ?? -1) + 1,
            },
            _request.Settings);
        if (_unflushed.Count > 0) Checkpoint(log);
        return new LogLoadResult(log, _notes, _unflushed);
    }

    /// <summary>The end, where the last segment is as long as it was, or its batches lead to the recovery point; null otherwise.</summary>
    private long? EndOfClosed(List<LogSegment> segments)
    {
        var last = segments[^1];
        if (last.Length == _request.ClosedLength && last.BaseOffset <= _request.RecoveryPoint) return _request.RecoveryPoint;
        try
        {
            var from = last.Indexes.Offsets.Last;
            var end = last.BaseOffset;
            var file = last.File.Hold();
            try
            {
                var headers = new BatchHeaders(file, from.Position, last.Length, stackalloc byte[BatchHeaders.BufferSize]);
                while (headers.MoveNext()) end = headers.LastOffset + 1;
            }
            finally
            {
                last.File.LetGo();
            }

            return end == _request.RecoveryPoint ? end : null;
        }
        catch (IOException damaged) when (damaged is LogDamageException or DamagedFileException)
        {
            return null;
        }
    }

    private static void CheckTransactions(FolderSweep sweep, List<LogSegment> segments, TailRecovery bytes)
    {
        foreach (var segment in segments)
        {
            if (sweep.HasTransactions(segment.BaseOffset)) bytes.CheckTransactions(segment);
        }
    }

    private long BeginAt(List<LogSegment> segments, long offset)
    {
        if (segments.Count > 0 && segments[^1].BaseOffset == offset) return offset;
        var replaced = segments.Count > 0 && segments[^1].Length == 0 ? segments[^1] : null;
        segments.Add(LogSegment.Create(_disk, _folder, offset));
        if (replaced is not null)
        {
            // Behind the new one: a crash must not find a log without any.
            replaced.Delete();
            segments.Remove(replaced);
        }

        _unflushed.Add(segments[^1].File.Path);
        _unflushed.Add(_folder);
        return offset;
    }

    private LeaderEpochCache OpenEpochs(List<LogSegment> segments)
    {
        var path = Path.Combine(_folder, LeaderEpochCheckpoint.FileName);
        var checkpoint = new LeaderEpochCheckpoint(_disk.Files, path);
        try
        {
            return new LeaderEpochCache(checkpoint);
        }
        catch (DamagedFileException damaged)
        {
            _notes.Add(new RecoveryNote(RecoveryRow.F9, path, $"{damaged.Message}; built again from the batches"));
            _disk.Files.DeleteFile(path);
            return EpochsFromBatches(segments, new LeaderEpochCache(checkpoint));
        }
    }

    private static LeaderEpochCache EpochsFromBatches(List<LogSegment> segments, LeaderEpochCache epochs)
    {
        foreach (var segment in segments)
        {
            // What lies behind damage is the tail's recovery's to read; it goes on with the epochs.
            if (!TryReadEpochs(segment, epochs)) break;
        }

        return epochs;
    }

    private static bool TryReadEpochs(LogSegment segment, LeaderEpochCache epochs)
    {
        var file = segment.File.Hold();
        try
        {
            var headers = new BatchHeaders(file, 0, segment.Length, stackalloc byte[BatchHeaders.BufferSize]);
            while (headers.MoveNext())
            {
                if (headers.LeaderEpoch >= 0 && (epochs.Latest is not { } latest || headers.LeaderEpoch > latest.Epoch))
                    epochs.Assign(headers.LeaderEpoch, headers.BaseOffset);
            }

            return true;
        }
        catch (LogDamageException)
        {
            return false;
        }
        finally
        {
            segment.File.LetGo();
        }
    }

    private void TrimEpochs(long start, long end)
    {
        var before = _epochs.Latest;
        _epochs.TruncateFromEnd(end);
        if (before is { } latest && _epochs.Latest != latest && latest.Offset > end)
            _notes.Add(new RecoveryNote(RecoveryRow.F9, _folder, $"{_folder}: epoch {latest.Epoch} from offset {latest.Offset} on lies above the end {end}; dropped"));
        _epochs.TruncateFromStart(start);
    }

    private (ProducerStates Producers, ProducerSnapshotFiles Snapshots) LoadProducers(
        FolderSweep sweep, SegmentList segments, long start, long end, TailRecovery bytes)
    {
        var snapshots = new ProducerSnapshotFiles(_disk.Files, _folder, sweep.Files);
        var producers = new ProducerStates();
        var reload = snapshots.Reload(producers, start, end, _disk.Now, _request.Settings.ProducerExpirationMilliseconds);
        foreach (var unreadable in reload.Unreadable)
            _notes.Add(new RecoveryNote(RecoveryRow.F8, _folder, $"{unreadable.Message}; removed, and the states are built from the one before"));
        // A snapshot may be newer than what is known of the transactions that were aborted before it.
        var unknownFrom = bytes.TransactionsFrom ?? long.MaxValue;
        if (unknownFrom < reload.ReplayFrom) TransactionReplay.Run(segments, snapshots, unknownFrom, end);
        ProducerReplay.Run(segments, producers, reload.ReplayFrom, end, TransactionReplay.AddTo(unknownFrom));
        return (producers, snapshots);
    }

    /// <summary>What was read need not be read again, once it is flushed.</summary>
    private void Checkpoint(PartitionLog log)
    {
        var checkpoint = log.WriteCheckpoint();
        foreach (var path in checkpoint?.Paths ?? [])
        {
            if (!_unflushed.Contains(path)) _unflushed.Add(path);
        }

        if (!_unflushed.Contains(_folder)) _unflushed.Add(_folder);
    }
}
