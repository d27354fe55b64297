using Moldau.Storage.Logs;

namespace Moldau.Storage.Compaction;

/// <summary>
/// Which log is compacted next: one whose records have waited longer than they may, the longest first; then the dirtiest.
/// Any number of cleaners may ask; a log is given to one at a time. Whoever is about to do something to a log that a pass
/// would be in the way of pauses it.
/// </summary>
public sealed class CleanerQueue(CleanerOptions options, TimeProvider clock)
{
    private readonly Lock _sync = new();
    private readonly Dictionary<PartitionLog, Entry> _entries = [];

    /// <summary>The logs that cannot be compacted, and why.</summary>
    public IReadOnlyList<UncleanableLog> Uncleanable
    {
        get
        {
            var found = new List<UncleanableLog>();
            lock (_sync)
            {
                foreach (var entry in _entries.Values)
                {
                    if (entry.Damage is { } damage) found.Add(new UncleanableLog(entry.Log, damage));
                }
            }

            return found;
        }
    }

    public void Add(CompactedLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        lock (_sync) _entries.Add(log.Log, new Entry(log));
    }

    /// <summary>Lets go of a log, as it must before it is closed or deleted; the task ends when no pass touches it any more.</summary>
    public async Task RemoveAsync(CompactedLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        await PauseAsync(log).ConfigureAwait(false);
        lock (_sync) _entries.Remove(log.Log);
    }

    /// <summary>Calls a pass off, and lets none begin until as many have resumed as have paused. The task ends when the pass has.</summary>
    public async Task PauseAsync(CompactedLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        Pass? pass = null;
        lock (_sync)
        {
            if (_entries.TryGetValue(log.Log, out var entry))
            {
                entry.Pauses++;
                pass = entry.Pass;
            }
        }

        if (pass is null) return;
        try
        {
            await pass.Stop.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }

        await pass.Ended.Task.ConfigureAwait(false);
    }

    public void Resume(CompactedLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        lock (_sync)
        {
            if (_entries.TryGetValue(log.Log, out var entry)) entry.Pauses--;
        }
    }

    /// <summary>Compacts the log that needs it most.</summary>
    /// <returns>What became of it; null where none is due.</returns>
    public async Task<CleaningResult?> RunNextAsync(LogCleaner cleaner, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(cleaner);
        if (Take(stop) is not { } pass) return null;
        CleaningResult? result = null;
        try
        {
            result = await cleaner.RunAsync(pass.Entry.Log, pass.Stop.Token).ConfigureAwait(false);
            return result;
        }
        finally
        {
            GiveBack(pass, result);
        }
    }

    private Pass? Take(CancellationToken stop)
    {
        while (FindMostDue() is { } most)
        {
            lock (_sync)
            {
                // Paused or taken since it was looked at, or removed.
                if (!_entries.ContainsKey(most.Log.Log) || !most.IsFree(clock.GetUtcNow())) continue;
                return most.Pass = new Pass(most, CancellationTokenSource.CreateLinkedTokenSource(stop));
            }
        }

        return null;
    }

    /// <summary>Without the lock: a log's timestamps may have to be read.</summary>
    private Entry? FindMostDue()
    {
        var free = new List<Entry>();
        lock (_sync)
        {
            var now = clock.GetUtcNow();
            foreach (var entry in _entries.Values)
            {
                if (entry.IsFree(now)) free.Add(entry);
            }
        }

        Entry? most = null;
        var (overdue, ratio) = (0L, 0.0);
        foreach (var entry in free)
        {
            if (RangeOf(entry.Log) is not { } range || !range.IsDue(entry.Log.Log.Settings.Compaction.MinDirtyRatio)) continue;
            if (range.Overdue < overdue || (range.Overdue == overdue && range.DirtyRatio <= ratio)) continue;
            (most, overdue, ratio) = (entry, range.Overdue, range.DirtyRatio);
        }

        return most;
    }

    private static CleanableRange? RangeOf(CompactedLog log)
    {
        if (!log.Log.Settings.Compacts || log.Log.Fault is not null) return null;
        try
        {
            return LogSurvey.Of(log).Range;
        }
        catch (IOException)
        {
            // Deleted meanwhile, or not to be read; a pass over it will say so.
            return null;
        }
    }

    private void GiveBack(Pass pass, CleaningResult? result)
    {
        lock (_sync)
        {
            pass.Entry.Pass = null;
            if (result is { Outcome: CleaningOutcome.Damaged, Cause: { } damage }) pass.Entry.Damage = damage;
            if (result is not { Outcome: CleaningOutcome.Compacted })
                pass.Entry.RestsUntil = clock.GetUtcNow().AddMilliseconds(options.BackoffMilliseconds);
        }

        pass.Stop.Dispose();
        pass.Ended.SetResult();
    }

    private sealed class Entry(CompactedLog log)
    {
        public CompactedLog Log { get; } = log;

        public Pass? Pass { get; set; }

        public int Pauses { get; set; }

        public Exception? Damage { get; set; }

        public DateTimeOffset RestsUntil { get; set; }

        public bool IsFree(DateTimeOffset now) => Pass is null && Pauses == 0 && Damage is null && now >= RestsUntil;
    }

    private sealed record Pass(Entry Entry, CancellationTokenSource Stop)
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
