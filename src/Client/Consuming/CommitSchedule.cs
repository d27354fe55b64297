using Microsoft.Extensions.Logging;
using Moldau.Client.Fetching;

namespace Moldau.Client.Consuming;

/// <summary>Commits what is done: each interval, when partitions are given away, and at the end. Without a group it does nothing.</summary>
internal sealed class CommitSchedule(Subscription subscription, KafkaClientOptions client, ConsumerOptions options, Func<CommitOffsets?> commit) : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ILogger _log = client.LoggerFactory.CreateLogger("Moldau.Client");
    private Task _loop = Task.CompletedTask;
    private int _isStarted;

    public void Start()
    {
        if (commit() is null || options.CommitInterval == TimeSpan.Zero || Interlocked.Exchange(ref _isStarted, 1) != 0) return;
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Commits what is done and was not committed.</summary>
    /// <param name="partitions">Of these; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="with">Commits in its own way; null for the group's.</param>
    /// <exception cref="KafkaException">The group's coordinator refused it.</exception>
    public async Task RunOnceAsync(IReadOnlyCollection<TopicPartition>? partitions, CancellationToken cancellation, CommitOffsets? with = null)
    {
        if ((with ?? commit()) is not { } run) return;
        // One after the other: an older commit must not overtake a newer one.
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var offsets = subscription.Committable(partitions);
            if (offsets.Count == 0) return;
            await run(offsets, cancellation).ConfigureAwait(false);
            subscription.Committed(offsets);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Until nothing of these is under way.</summary>
    public async Task SettleAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation)
    {
        using var done = new Bell(client.Clock);
        subscription.Done = done.Ring;
        try
        {
            while (!subscription.IsIdle(partitions)) await done.WaitAsync(null, cancellation).ConfigureAwait(false);
        }
        finally
        {
            subscription.Done = static () => { };
        }
    }

    /// <summary>The last commit.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        try
        {
            await RunOnceAsync(null, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            // What was done and is not committed comes again, to whoever reads next.
            CommitFailed(_log, failure.Message, null);
        }
    }

    /// <summary>Behind <see cref="EndAsync"/>.</summary>
    public void Dispose()
    {
        _ending.Dispose();
        _turn.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.CommitInterval, client.Clock, _ending.Token).ConfigureAwait(false);
                try
                {
                    await RunOnceAsync(null, _ending.Token).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is not (OutOfMemoryException or OperationCanceledException))
                {
                    // The next one commits it too, or the last.
                    CommitFailed(_log, failure.Message, null);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private static readonly Action<ILogger, string, Exception?> CommitFailed = LoggerMessage.Define<string>(
        LogLevel.Warning, new EventId(2102), "what is done was not committed: {Reason}");
}
