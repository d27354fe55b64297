using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Security.Tokens;
using Moldau.Storage.Files;

namespace Moldau.Broker;

/// <summary>What a broker does by the clock, on one timer for all: checkpoints, retention, idle connections, tokens that are over.</summary>
internal sealed class HouseKeeping : IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly LiveSettings _settings;
    private readonly DataFolders _folders;
    private readonly HostedTopics _topics;
    private readonly ConnectionTable _connections;
    private readonly TokenSweep _tokens;
    private readonly PartitionLogbook _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public HouseKeeping(TimeProvider clock, LiveSettings settings, DataFolders folders, HostedTopics topics, ConnectionTable connections, TokenSweep tokens, PartitionLogbook log)
    {
        _clock = clock;
        _settings = settings;
        _folders = folders;
        _topics = topics;
        _connections = connections;
        _tokens = tokens;
        _log = log;
        _loop = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(TickInterval, _clock);
        var sinceRetention = TimeSpan.Zero;
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                sinceRetention += TickInterval;
                var isRetentionDue = sinceRetention.TotalMilliseconds >= _settings.Current.Folders.RetentionInterval;
                if (isRetentionDue) sinceRetention = TimeSpan.Zero;
                await TickAsync(isRetentionDue).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // As it was told.
        }
    }

    private async Task TickAsync(bool isRetentionDue)
    {
        try
        {
            _folders.Tick();
            _connections.CloseIdle();
            await _tokens.TickAsync().ConfigureAwait(false);
            if (isRetentionDue) await RemoveExpiredAsync().ConfigureAwait(false);
        }
        catch (DiskException failure)
        {
            _log.HouseKeepingFailed(failure.Message);
        }
    }

    private async Task RemoveExpiredAsync()
    {
        foreach (var topic in _topics.All)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.Log is null) continue;
                await partition.Queue.RunAsync(() =>
                {
                    // What is being copied stays as it is; it is looked at again when it has moved.
                    if (partition.IsMoving || partition.Log is not { } log) return;
                    if (log.RemoveExpired(partition.HighWatermark) > 0) partition.Changed(log);
                }).ConfigureAwait(false);
            }
        }
    }
}
