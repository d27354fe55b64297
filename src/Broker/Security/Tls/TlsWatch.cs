namespace Moldau.Broker.Security.Tls;

/// <summary>Looks again and again whether certificates have changed, in their files or by settings: these files are small.</summary>
internal sealed class TlsWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly LiveSettings _settings;
    private readonly IReadOnlyList<ListenerTls> _listeners;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public TlsWatch(TimeProvider clock, LiveSettings settings, IReadOnlyList<ListenerTls> listeners)
    {
        _settings = settings;
        _listeners = listeners;
        _loop = listeners.Count == 0 ? Task.CompletedTask : RunAsync(clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(TimeProvider clock)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                foreach (var listener in _listeners) listener.Refresh(_settings.Current.Tls(listener.Listener));
            }
        }
        catch (OperationCanceledException)
        {
            // As it was told.
        }
    }
}
