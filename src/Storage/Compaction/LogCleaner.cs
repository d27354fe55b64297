using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Compaction;

/// <summary>
/// Compacts one log after the other, one pass each time. It holds the map, which is most of its memory; several of them
/// compact several logs at once. Reads, decisions and writes happen on the caller's thread, and only the moment in which a
/// segment is put in place belongs to the log's writer.
/// </summary>
public sealed class LogCleaner
{
    private readonly CleanerOptions _options;
    private readonly Throttle _throttle;
    private readonly Func<IBatchFilter, IBatchFilter> _wrap;
    private readonly OffsetMap _map;

    /// <param name="options">The broker's.</param>
    /// <param name="throttle">Shared by all cleaners that are to be held back together.</param>
    /// <param name="chance">Draws what keys are hashed with; where producers are not trusted, it must not be guessed.</param>
    public LogCleaner(CleanerOptions options, Throttle throttle, Random chance)
        : this(options, throttle, chance, static filter => filter)
    {
    }

    internal LogCleaner(CleanerOptions options, Throttle throttle, Random chance, Func<IBatchFilter, IBatchFilter> wrap)
    {
        ArgumentNullException.ThrowIfNull(options);
        _wrap = wrap;
        _options = options;
        _throttle = throttle;
        _map = new OffsetMap(options.DedupeBufferBytes, options.DedupeBufferLoad, chance);
    }

    /// <summary>
    /// One pass over a log, whether it is due or not. It never throws for what it finds in the log or on the disk: the
    /// result says it, and the log is as whole as before.
    /// </summary>
    public async Task<CleaningResult> RunAsync(CompactedLog target, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(target);
        CleanableRange range = default;
        var counts = new PassCounts();
        CleaningResult Ended(CleaningOutcome outcome, Exception cause) => new(outcome, range, range.FirstDirtyOffset, counts, cause);
        try
        {
            if (target.Log.Fault is { } fault) throw new LogChangedException(target.Log.Name, fault.Reason);
            var survey = LogSurvey.Of(target);
            range = survey.Range;
            if (range.FirstUncleanableOffset <= range.FirstDirtyOffset)
            {
                return new CleaningResult(CleaningOutcome.NothingToDo, range, range.FirstDirtyOffset, counts);
            }

            CheckDamage(target.Log, range.FirstUncleanableOffset);
            // A start must not take for the tail, where every offset follows the one before, what is compacted by then.
            await target.OnWriter(() => target.Log.Disk.SaveRecoveryPoints?.Invoke()).ConfigureAwait(false);
            using var pass = new CompactionPass(target, survey, _map, _options, _throttle, _wrap, stop);
            counts = pass.Counts;
            var end = await pass.RunAsync().ConfigureAwait(false);
            await target.OnWriter(() => Advance(target.Log, survey, end)).ConfigureAwait(false);
            return new CleaningResult(CleaningOutcome.Compacted, range, end, counts);
        }
        catch (Exception changed) when (changed is LogChangedException or SegmentGoneException or OperationCanceledException)
        {
            return Ended(CleaningOutcome.Interrupted, changed);
        }
        catch (Exception damage) when (damage is LogDamageException or DamagedFileException)
        {
            return Ended(CleaningOutcome.Damaged, damage);
        }
        catch (DiskException failure)
        {
            return Ended(CleaningOutcome.DiskFailed, failure);
        }
    }

    /// <summary>What is missing from a log may have been what superseded the rest, and somebody may want to look at the rest.</summary>
    private static void CheckDamage(PartitionLog log, long end)
    {
        foreach (var range in log.Damage.All)
        {
            if (!range.IsAccepted && range.From < end) throw new LogDamageException(log.Folder, 0, range.From, $"offsets {range.From} to {range.UpTo - 1} are lost: {range.Reason}");
        }
    }

    /// <summary>The checkpoint follows at its own time: it may lag, since what is compacted can be compacted again.</summary>
    private static void Advance(PartitionLog log, LogSurvey survey, long end)
    {
        if (log.Flushing.Generation != survey.Generation) throw new LogChangedException(log.Name, "it was truncated");
        log.CompactedUpTo = end;
    }
}
