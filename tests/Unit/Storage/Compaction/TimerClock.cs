namespace Moldau.Unit.Storage.Compaction;

/// <summary>A clock whose timers go off when a test lets the time pass.</summary>
internal sealed class TimerClock : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Pass(double milliseconds)
    {
        _ticks += (long)(milliseconds * TimeSpan.TicksPerMillisecond);
        foreach (var timer in _timers.ToArray()) timer.FireIfDue();
    }

    private sealed class Timer(TimerClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._timers.Remove(this);
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            _due = clock._ticks + dueTime.Ticks;
            clock._timers.Add(this);
            return true;
        }

        public void FireIfDue()
        {
            if (clock._ticks < _due || !clock._timers.Remove(this)) return;
            callback(state);
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
