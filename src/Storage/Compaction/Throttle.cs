namespace Moldau.Storage.Compaction;

/// <summary>
/// Holds cleaners back to so many bytes a second, read and written together, and stops them altogether where that is
/// asked for. Whoever has used more than his share waits before he goes on.
/// </summary>
public sealed class Throttle(TimeProvider clock)
{
    // Below that a timer costs more than it holds back.
    private const double ShortestWait = 0.005;

    // A timer has room for a month and a half, and a rate as low as that is a mistake that somebody will correct.
    private const double LongestWait = 86_400;

    private readonly Lock _sync = new();
    private TaskCompletionSource? _pause;
    private long _paidUpTo;
    private double _bytesPerSecond = double.MaxValue;

    /// <summary><c>log.cleaner.io.max.bytes.per.second</c></summary>
    public double BytesPerSecond
    {
        get => Volatile.Read(ref _bytesPerSecond);
        set
        {
            if (!(value > 0)) throw new ArgumentOutOfRangeException(nameof(value), value, $"a rate at which nothing moves; {nameof(Pause)} stops them all");
            Volatile.Write(ref _bytesPerSecond, value);
        }
    }

    public void Pause()
    {
        lock (_sync) _pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Resume()
    {
        lock (_sync)
        {
            _pause?.SetResult();
            _pause = null;
        }
    }

    /// <summary>Accounts for bytes that were read or written.</summary>
    public ValueTask TakeAsync(int bytes, CancellationToken stop)
    {
        Task? pause;
        TimeSpan wait;
        lock (_sync)
        {
            pause = _pause?.Task;
            wait = WaitFor(bytes);
        }

        if (pause is not null) return new ValueTask(WaitAsync(pause, wait, stop));
        return wait > TimeSpan.Zero ? new ValueTask(Task.Delay(wait, clock, stop)) : default;
    }

    private TimeSpan WaitFor(int bytes)
    {
        var rate = BytesPerSecond;
        if (rate >= double.MaxValue) return TimeSpan.Zero;
        var now = clock.GetTimestamp();
        _paidUpTo = Math.Max(_paidUpTo, now) + (long)(Math.Min(bytes / rate, LongestWait) * clock.TimestampFrequency);
        var seconds = (double)(_paidUpTo - now) / clock.TimestampFrequency;
        return seconds < ShortestWait ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(seconds, LongestWait));
    }

    private async Task WaitAsync(Task pause, TimeSpan wait, CancellationToken stop)
    {
        await pause.WaitAsync(stop).ConfigureAwait(false);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, stop).ConfigureAwait(false);
    }
}
