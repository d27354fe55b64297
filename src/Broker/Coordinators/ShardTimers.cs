using Moldau.Broker.Timing;
using Moldau.Coordination.Shards;

namespace Moldau.Broker.Coordinators;

/// <summary>A shard's timers, among the broker's delays. Set and stopped as the shard's driver.</summary>
/// <param name="elapsed">Told of each whose time has come; from any thread.</param>
internal sealed class ShardTimers(Delays delays, Action<ShardTimer> elapsed)
{
    private readonly Dictionary<ShardTimer, Running> _running = [];

    public int Count => _running.Count;

    public void Set(ShardTimer timer, TimeSpan? after)
    {
        if (after is not { } time)
        {
            if (_running.Remove(timer, out var stopped)) delays.Cancel(stopped);
            return;
        }

        var milliseconds = (long)Math.Max(0, time.TotalMilliseconds);
        var end = delays.Now + milliseconds;
        if (!_running.TryGetValue(timer, out var running)) _running[timer] = running = new Running(timer, elapsed);
        else if (end >= running.End)
        {
            // Every heartbeat puts a member's end off: it costs less to look again when the earlier end comes.
            running.End = end;
            return;
        }

        running.End = end;
        delays.Schedule(running, milliseconds);
    }

    /// <summary>Whether one that has elapsed counts: it may have been moved or stopped while the news was on its way.</summary>
    public bool Take(ShardTimer timer)
    {
        if (!_running.TryGetValue(timer, out var running)) return false;
        if (running.End - delays.Now is var rest && rest > 0)
        {
            delays.Schedule(running, rest);
            return false;
        }

        _running.Remove(timer);
        return true;
    }

    public void StopAll()
    {
        foreach (var running in _running.Values) delays.Cancel(running);
        _running.Clear();
    }

    private sealed class Running(ShardTimer timer, Action<ShardTimer> elapsed) : Delay
    {
        public long End { get; set; }

        public override void Elapsed() => elapsed(timer);
    }
}
