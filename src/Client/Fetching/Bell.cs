namespace Moldau.Client.Fetching;

/// <summary>Wakes one who waits. Rung before he does, he does not wait; however often it was rung, once.</summary>
internal sealed class Bell(TimeProvider clock) : IDisposable
{
    // Timers take no more than some weeks.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _rung = new(0, 1);
    private readonly Lock _gate = new();

    public void Ring()
    {
        lock (_gate)
        {
            if (_rung.CurrentCount == 0) _rung.Release();
        }
    }

    /// <param name="atMost">After which it is as if it had been rung; null for never.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task WaitAsync(TimeSpan? atMost, CancellationToken cancellation)
    {
        if (atMost is null)
        {
            await _rung.WaitAsync(cancellation).ConfigureAwait(false);
            return;
        }

        if (atMost <= TimeSpan.Zero) return;
        using var alarm = clock.CreateTimer(static bell => ((Bell)bell!).Ring(), this, atMost.Value < Longest ? atMost.Value : Longest, Timeout.InfiniteTimeSpan);
        await _rung.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _rung.Dispose();
}
