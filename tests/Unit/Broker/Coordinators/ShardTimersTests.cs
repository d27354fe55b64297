using Moldau.Broker.Coordinators;
using Moldau.Broker.Timing;
using Moldau.Coordination.Shards;
using Moldau.Unit.Broker.Timing;
using Xunit;

namespace Moldau.Unit.Broker.Coordinators;

public sealed class ShardTimersTests : IDisposable
{
    private static readonly ShardTimer Session = new("session", "group", "member");

    private readonly TimerClock _clock = new();
    private readonly Delays _delays;
    private readonly ShardTimers _timers;
    private readonly List<bool> _counted = [];

    public ShardTimersTests()
    {
        _delays = new Delays(_clock);
        _timers = new ShardTimers(_delays, timer => _counted.Add(_timers!.Take(timer)));
    }

    public void Dispose() => _delays.Dispose();

    [Fact]
    public void One_that_is_put_off_again_and_again_counts_once_and_at_its_last_end()
    {
        for (var beat = 0; beat < 10; beat++)
        {
            Set(100);
            _clock.Move(60);
        }

        Assert.DoesNotContain(true, _counted);
        _clock.Move(39);
        Assert.DoesNotContain(true, _counted);
        _clock.Move(10);
        Assert.Single(_counted, true);
        Assert.Equal(0, _timers.Count);
        _clock.Move(1000);
        Assert.Single(_counted, true);
    }

    [Fact]
    public void One_that_is_put_forward_counts_at_its_earlier_end()
    {
        Set(1000);
        Set(100);
        _clock.Move(110);
        Assert.Equal([true], _counted);
    }

    [Fact]
    public void One_that_is_put_off_and_then_forward_counts_at_the_earlier_end()
    {
        Set(100);
        Set(1000);
        Set(200);
        _clock.Move(210);
        Assert.Single(_counted, true);
        Assert.True(_counted[^1]);
    }

    [Fact]
    public void One_that_is_stopped_and_set_again_keeps_nothing_of_its_old_end()
    {
        Set(100);
        _timers.Set(Session, null);
        Assert.Equal(0, _delays.Count);
        Set(500);
        _clock.Move(400);
        Assert.Empty(_counted);
        _clock.Move(110);
        Assert.Equal([true], _counted);
    }

    private void Set(int milliseconds) => _timers.Set(Session, TimeSpan.FromMilliseconds(milliseconds));
}
