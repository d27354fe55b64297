using Moldau.Storage.Files;

namespace Moldau.Storage.Logs;

/// <summary>
/// Group commit: brings to disk what the logs of one disk have appended, round after round, without a timer. What arrives
/// during a round is the next one's. Whoever runs the rounds (a thread, or a simulation) runs one at a time.
/// </summary>
public sealed class Flusher(IFileSystem disk, TimeProvider? clock = null)
{
    /// <summary>
    /// Up to so many files are flushed one by one, more of them with the whole disk: measured, see docs/internals/log.md.
    /// </summary>
    internal const int FewFiles = 2;

    private readonly Lock _sync = new();
    private readonly List<FlushWork> _round = [];
    private List<PartitionLog> _queued = [];
    private List<PartitionLog> _spare = [];
    private bool _flushesEach;

    /// <summary>Called, on whatever thread appends, when there is a first log to flush.</summary>
    public Action? Wake { get; set; }

    /// <summary>Called behind a round in which a recovery point has moved.</summary>
    public Action? RecoveryPointsMoved { get; set; }

    public long Rounds { get; private set; }

    /// <summary>Told how long each round took, in the clock's own units, on the thread that ran it.</summary>
    public Action<long>? Took { get; set; }

    public bool IsIdle
    {
        get
        {
            lock (_sync) return _queued.Count == 0;
        }
    }

    internal void Enqueue(PartitionLog log)
    {
        bool isFirst;
        lock (_sync)
        {
            isFirst = _queued.Count == 0;
            _queued.Add(log);
        }

        if (isFirst) Wake?.Invoke();
    }

    /// <returns>False where there was nothing to do.</returns>
    public bool RunRound()
    {
        List<PartitionLog> logs;
        lock (_sync)
        {
            if (_queued.Count == 0) return false;
            (logs, _queued, _spare) = (_queued, _spare, _queued);
        }

        Rounds++;
        var since = clock?.GetTimestamp() ?? 0;
        var files = 0;
        foreach (var log in logs)
        {
            var work = log.Flushing.Begin();
            files += work.Dirty.Count + (work.Checkpoint?.Paths.Count ?? 0);
            _round.Add(work);
        }

        var moved = files > FewFiles && !_flushesEach && FlushTogether(out var flushed) ? flushed : FlushEach();
        _round.Clear();
        logs.Clear();
        if (clock is not null) Took?.Invoke(clock.GetTimestamp() - since);
        if (moved) RecoveryPointsMoved?.Invoke();
        return true;
    }

    private bool FlushTogether(out bool moved)
    {
        moved = false;
        try
        {
            // The folder above any of the logs will do to name the disk; a log's own may just have been deleted.
            if (!disk.TryFlushDisk(Path.GetDirectoryName(_round[0].Log.Folder) ?? "")) return false;
        }
        catch (DiskException failure)
        {
            // It does not say whose pages were lost. Those of logs that are not of this round may be among them, and the
            // disk tells it once: from here on each file is asked for itself.
            _flushesEach = true;
            foreach (var work in _round) work.Log.FlushFailed(work, failure);
            return true;
        }

        foreach (var work in _round) moved |= work.Log.Flushed(work);
        return true;
    }

    private bool FlushEach()
    {
        var moved = false;
        foreach (var work in _round)
        {
            try
            {
                Flush(work);
            }
            catch (DiskException failure)
            {
                work.Log.FlushFailed(work, failure);
                continue;
            }

            moved |= work.Log.Flushed(work);
        }

        return moved;
    }

    private void Flush(in FlushWork work)
    {
        foreach (var segment in work.Dirty)
        {
            // Deleted meanwhile: by retention or by a truncation, and nobody waits for it.
            if (!segment.File.TryHold(out var file)) continue;
            try
            {
                file.Flush();
            }
            finally
            {
                segment.File.LetGo();
            }
        }

        foreach (var path in work.Checkpoint?.Paths ?? []) FlushFile(path);
        if (work.FolderIsDirty || work.Checkpoint is not null) disk.FlushFolder(work.Log.Folder);
    }

    private void FlushFile(string path)
    {
        try
        {
            using var file = disk.Open(path, OpenMode.Existing);
            file.Flush();
        }
        catch (DiskException gone) when (gone.Fault == DiskFault.NotFound)
        {
            // Its segment was deleted meanwhile.
        }
    }
}
