using System.Threading.Tasks.Sources;

namespace Moldau.Client.Connections;

/// <summary>Wakes the one loop that waits on it. Waking it twice before it has looked is waking it once; none is missed.</summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Busy = 0;
    private const int Asleep = 1;
    private const int Woken = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;
    private bool _isLent;

    /// <summary>Whether it was woken since it began to look: what it waits for next is there already.</summary>
    public bool IsWoken => Volatile.Read(ref _state) == Woken;

    /// <summary>The loop goes on, on a thread of the pool.</summary>
    public void Wake() => Wake(isLent: false);

    /// <summary>The loop goes on at once, on this thread, until it waits again; where it is at work already, it looks once more. Not to be called with a lock.</summary>
    public void WakeHere() => Wake(isLent: true);

    /// <summary>The loop's: whether it runs on a thread that <see cref="WakeHere"/> has lent it. Who is told so leaves that thread.</summary>
    public bool EndLoan()
    {
        var wasLent = _isLent;
        _isLent = false;
        return wasLent;
    }

    /// <summary>Ends at once where somebody has woken it since the last time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Asleep, Busy) == Busy) return new ValueTask(this, _core.Version);
        Interlocked.Exchange(ref _state, Busy);
        return ValueTask.CompletedTask;
    }

    public void GetResult(short token)
    {
        _core.GetResult(token);
        Interlocked.Exchange(ref _state, Busy);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Wake(bool isLent)
    {
        if (Interlocked.Exchange(ref _state, Woken) != Asleep) return;
        // Only one finds it asleep, so nobody else writes these.
        _isLent = isLent;
        _core.RunContinuationsAsynchronously = !isLent;
        _core.SetResult(true);
    }
}
