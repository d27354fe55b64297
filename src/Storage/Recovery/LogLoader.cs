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
    private readonly List<RecoveryNote> _notes;
    private readonly List<string> _unflushed = [];

    private LogLoader(LogDisk disk, string folder, LogLoadRequest request, List<RecoveryNote> notes)
    {
        _notes = notes;
        _disk = disk;
        _folder = folder;
        _request = request;
    }

    /// <exception cref="LogMissingException">It had records and has no segment.</exception>
    /// <exception cref="DiskException">The disk failed; nothing was lost by it.</exception>
    /// <exception cref="LogDamageException">What lies there is no log.</exception>
    public static LogLoadResult Load(LogDisk disk, string folder, LogLoadRequest request) => Load(disk, folder, request, []);

    /// <param name="disk">Where.</param>
    /// <param name="folder">The log's.</param>
    /// <param name="request">What is known of it.</param>
    /// <param name="notes">
    /// Takes what was found and done, also where it ends with an exception: what was cut by then will not be found again.
    /// </param>
    public static LogLoadResult Load(LogDisk disk, string folder, LogLoadRequest request, List<RecoveryNote> notes) =>
        new LogLoader(disk, folder, request, notes).Load();

    private LogLoadResult Load()
    {
        var sweep = new FolderSweep(_disk, _folder, _notes);
        var segments = sweep.Run();
        if (segments.Count == 0 && (_request.HadSegment || _request.RecoveryPoint > _request.StartOffset)) throw new LogMissingException(_folder, _request.RecoveryPoint);
        var recovery = new EpochRecovery(_disk.Files, _folder, _notes);
        var epochs = recovery.Open(segments);
        var latest = epochs.Latest?.Epoch ?? -1;

        var end = segments.Count == 0 ? _request.StartOffset : _request.WasClosed ? EndOfClosed(segments) : null;
        var wasClosed = end is not null && segments.Count > 0;
        var bytes = new TailRecovery(_disk, _folder, _request, sweep, epochs, segments, _notes, _unflushed);
        if (wasClosed) CheckClosed(sweep, segments, bytes);
        end ??= bytes.Run();
        if (segments.Count == 0 || segments[^1].BaseOffset > end || end < _request.StartOffset) end = BeginAt(segments, Math.Max(end.Value, _request.StartOffset));

        var list = new SegmentList([.. segments]);
        var start = Math.Min(Math.Max(_request.StartOffset, list.First.BaseOffset), end.Value);
        recovery.Fit(epochs, segments, start, end.Value, wasClosed);
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
                Epochs = epochs,
                Damage = new LogDamageRanges(sweep.Damage),
                CompactedUpTo = Math.Min(_request.CompactedUpTo, end.Value),
                FirstUnsaved = FirstUnsaved(list, bytes),
                Damaged = sweep.DamagedFiles(),
                LowestEpoch = wasClosed ? Math.Max(latest, 0) : Math.Max(latest, epochs.Latest?.Epoch ?? -1) + 1,
            },
            _request.Settings);
        if (_unflushed.Count > 0) Checkpoint(log);
        if (!wasClosed) FlushLeft(list.Last);
        return new LogLoadResult(log, _notes, _unflushed);
    }

    private static int? FirstUnsaved(SegmentList list, TailRecovery bytes)
    {
        if (bytes.LostTransactionsFrom is not { } lost) return bytes.FirstRead;
        return Math.Min(list.IndexOf(lost), bytes.FirstRead ?? int.MaxValue);
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

    private static void CheckClosed(FolderSweep sweep, List<LogSegment> segments, TailRecovery bytes)
    {
        for (var i = segments.Count - 2; i >= 0; i--) bytes.TryRemoveEmpty(i);

        foreach (var segment in segments)
        {
            if (sweep.HasTransactions(segment.BaseOffset) || sweep.HasLostTransactions(segment.BaseOffset)) bytes.CheckTransactions(segment);
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

    private (ProducerStates Producers, ProducerSnapshotFiles Snapshots) LoadProducers(
        FolderSweep sweep, SegmentList segments, long start, long end, TailRecovery bytes)
    {
        var snapshots = new ProducerSnapshotFiles(_disk.Files, _folder, sweep.Files);
        var producers = new ProducerStates();
        var reload = snapshots.Reload(producers, start, end, _disk.Now, _request.Settings.ProducerExpirationMilliseconds);
        foreach (var unreadable in reload.Unreadable)
            _notes.Add(new RecoveryNote(RecoveryRow.F8, _folder, $"{unreadable.Message}; removed, and the states are built from the one before"));
        if (bytes.FirstRead is not null && reload.ReplayFrom > _request.RecoveryPoint) WriteAgain(ProducerSnapshotFiles.NameOf(reload.ReplayFrom));
        // A snapshot may be newer than what is known of the transactions that were aborted before it.
        var unknownFrom = bytes.TransactionsFrom ?? long.MaxValue;
        if (unknownFrom < reload.ReplayFrom) TransactionReplay.Run(segments, snapshots, unknownFrom, end);
        ProducerReplay.Run(segments, producers, reload.ReplayFrom, end, TransactionReplay.AddTo(unknownFrom));
        return (producers, snapshots);
    }

    /// <summary>A snapshot that no checkpoint has flushed yet, and that the next one will not write.</summary>
    private void WriteAgain(string snapshot)
    {
        var path = Path.Combine(_folder, snapshot);
        if (!_disk.Files.FileExists(path)) return;
        using var file = _disk.Files.Open(path, OpenMode.Existing);
        WrittenAgain.Run(file, 0, file.Length);
        _unflushed.Add(path);
    }

    /// <summary>
    /// Also where nothing was read and nothing is to be written: a segment may be there whose name nobody has flushed, and
    /// the last one may end where a cut has left it that a kill kept from being flushed. Undone by a power failure later, it
    /// would bring back a batch behind an end that was told by then.
    /// </summary>
    private void FlushLeft(LogSegment last)
    {
        if (!_unflushed.Contains(last.File.Path)) _unflushed.Add(last.File.Path);
        if (!_unflushed.Contains(_folder)) _unflushed.Add(_folder);
    }

    /// <summary>
    /// What was read need not be read again, once it is flushed. Where there is no room for that the log is open all the
    /// same: its recovery point stays where it is.
    /// </summary>
    private void Checkpoint(PartitionLog log)
    {
        foreach (var path in log.WriteCheckpoint()?.Paths ?? [])
        {
            if (!_unflushed.Contains(path)) _unflushed.Add(path);
        }

        if (!_unflushed.Contains(_folder)) _unflushed.Add(_folder);
    }
}
