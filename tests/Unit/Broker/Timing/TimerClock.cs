namespace Moldau.Unit.Broker.Timing;

/// <summary>A clock whose timers fire when it is moved.</summary>
internal sealed class TimerClock : TimeProvider
{
    private readonly Lock _sync = new();
    private readonly List<ManualTimer> _timers = [];
    private long _ticks = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public int Settings { get; private set; }

    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);

    public override long GetTimestamp() => _ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_sync) _timers.Add(timer);
        return timer;
    }

    public void Move(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i++)
        {
            _ticks += TimeSpan.TicksPerMillisecond;
            ManualTimer[] timers;
            lock (_sync) timers = [.. _timers];
            foreach (var timer in timers) timer.FireIfDue(_ticks);
        }
    }

    private sealed class ManualTimer(TimerClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long _due = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Settings++;
            _due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock._ticks + dueTime.Ticks;
            return true;
        }

        public void FireIfDue(long now)
        {
            if (now < _due) return;
            _due = long.MaxValue;
            callback(state);
        }

        public void Dispose() => _due = long.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
