using System.Threading.Tasks.Sources;

namespace Moldau.Client.Producing;

/// <summary>Wakes the one loop that waits on it. Waking it twice before it has looked is waking it once; none is missed.</summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Busy = 0;
    private const int Asleep = 1;
    private const int Woken = 2;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    public void Wake()
    {
        if (Interlocked.Exchange(ref _state, Woken) == Asleep) _core.SetResult(true);
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
}
