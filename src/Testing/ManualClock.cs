namespace Moldau.Testing;

/// <summary>
/// A clock that stands still until a test moves it; timers that are due then fire, in their order, on the thread that moves it.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now;
    private long _elapsed;

    public ManualClock()
        : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualClock(DateTimeOffset start) => _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that are waiting.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _timers.Count;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp()
    {
        lock (_gate) return _elapsed;
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        long end;
        lock (_gate) end = _elapsed + time.Ticks;
        while (NextUntil(end) is { } due) due.Fire();
    }

    /// <summary>Sets what the clock shows, forward or back, without letting time pass: timers do not notice.</summary>
    public void Jump(DateTimeOffset to)
    {
        lock (_gate) _now = to;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private Timer? NextUntil(long end)
    {
        lock (_gate)
        {
            Timer? first = null;
            foreach (var timer in _timers)
            {
                if (timer.Due <= end && (first is null || timer.Due < first.Due)) first = timer;
            }

            var to = first is null ? end : Math.Max(_elapsed, first.Due);
            _now = _now.AddTicks(to - _elapsed);
            _elapsed = to;
            first?.Next();
            return first;
        }
    }

    private sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long _period;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period <= TimeSpan.Zero ? 0 : period.Ticks;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock._elapsed + dueTime.Ticks;
                clock._timers.Add(this);
            }

            return true;
        }

        /// <summary>It is its turn. Under the lock.</summary>
        public void Next()
        {
            if (_period > 0) Due += _period;
            else clock._timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
