using System.Collections.Concurrent;
using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Storage.Compaction;
using Moldau.Storage.Files;

namespace Moldau.Broker.Partitions;

/// <summary>Compacts the broker's logs, a few at a time, as long as one is due; then it looks again after a while.</summary>
internal sealed class Compactor : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Partition, CompactedLog> _logs = new();
    private readonly CompactorSettings _settings;
    private readonly DataFolders _folders;
    private readonly TimeProvider _clock;
    private readonly PartitionLogbook _log;
    private readonly CleanerOptions _options;
    private readonly CleanerQueue _queue;
    private readonly Throttle _throttle;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];

    public CleanerCounts Counts { get; } = new();

    /// <summary>Threads that run, where compaction is on.</summary>
    public int Running => _loops.Count(static loop => !loop.IsCompleted);

    public int Threads => _settings.IsEnabled ? _settings.Threads : 0;

    /// <summary>Logs that cannot be compacted before the next start.</summary>
    public int Uncleanable => _queue.Uncleanable.Count;

    public Compactor(CompactorSettings settings, DataFolders folders, TimeProvider clock, PartitionLogbook log)
    {
        _settings = settings;
        _folders = folders;
        _clock = clock;
        _log = log;
        _options = new CleanerOptions
        {
            DedupeBufferBytes = settings.KeyBytes / Math.Max(1, settings.Threads),
            DedupeBufferLoad = settings.LoadFactor,
            IoBufferBytes = settings.BufferBytes / Math.Max(1, settings.Threads),
            BackoffMilliseconds = settings.Backoff,
        };
        _queue = new CleanerQueue(_options, clock);
        _throttle = new Throttle(clock) { BytesPerSecond = settings.MaxBytesPerSecond };
    }

    /// <param name="chance">Draws what keys are hashed with.</param>
    public void Start(Random chance)
    {
        if (!_settings.IsEnabled) return;
        for (var i = 0; i < _settings.Threads; i++)
        {
            var cleaner = new LogCleaner(_options, _throttle, new Random(chance.Next()));
            _loops.Add(Task.Run(() => RunAsync(cleaner)));
        }
    }

    public void Add(Partition partition)
    {
        if (partition.Log is not { } log) return;
        var compacted = new CompactedLog(log, () => partition.LastStableOffset, partition.Queue.RunAsync);
        if (_logs.TryAdd(partition, compacted)) _queue.Add(compacted);
    }

    /// <summary>The task ends when no pass touches the partition's log any more.</summary>
    public Task RemoveAsync(Partition partition) => _logs.TryRemove(partition, out var log) ? _queue.RemoveAsync(log) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_loops).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(LogCleaner cleaner)
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                var since = _clock.GetTimestamp();
                var result = await _queue.RunNextAsync(cleaner, _stopping.Token).ConfigureAwait(false);
                if (result is null) await Task.Delay(TimeSpan.FromMilliseconds(_options.BackoffMilliseconds), _clock, _stopping.Token).ConfigureAwait(false);
                else Told(result, _clock.GetElapsedTime(since));
            }
        }
        catch (OperationCanceledException)
        {
            // As it was told.
        }
    }

    private void Told(CleaningResult result, TimeSpan took)
    {
        Counts.Add(result, took);
        if (result.Outcome is CleaningOutcome.Damaged or CleaningOutcome.DiskFailed) _log.NotCompacted(result.Outcome.ToString(), result.Cause?.Message ?? "");
        if (result.Outcome != CleaningOutcome.Compacted) return;
        foreach (var folder in _folders.All)
        {
            try
            {
                folder.Online?.SaveCompacted();
            }
            catch (DiskException failure)
            {
                _log.HouseKeepingFailed(failure.Message);
            }
        }
    }
}
