using Moldau.Broker.Timing;
using Xunit;

namespace Moldau.Unit.Broker.Timing;

public class DelaysTests
{
    private readonly TimerClock _clock = new();

    [Fact]
    public void Delays_elapse_in_the_order_of_their_times_and_not_before()
    {
        using var delays = new Delays(_clock);
        var elapsed = new List<int>();
        foreach (var milliseconds in new[] { 30, 10, 20, 10 }) delays.Schedule(new Noted(milliseconds, elapsed), milliseconds);
        _clock.Move(9);
        Assert.Empty(elapsed);
        _clock.Move(3);
        Assert.Equal([10, 10], elapsed);
        _clock.Move(30);
        Assert.Equal([10, 10, 20, 30], elapsed);
        Assert.Equal(0, delays.Count);
    }

    [Fact]
    public void One_that_is_called_off_never_elapses_and_says_so_where_it_was_too_late()
    {
        using var delays = new Delays(_clock);
        var elapsed = new List<int>();
        var first = new Noted(1, elapsed);
        var second = new Noted(2, elapsed);
        delays.Schedule(first, 10);
        delays.Schedule(second, 10);
        Assert.True(delays.Cancel(first));
        Assert.False(delays.Cancel(first));
        _clock.Move(20);
        Assert.Equal([2], elapsed);
        Assert.False(delays.Cancel(second));
    }

    [Fact]
    public void One_that_is_set_anew_elapses_once_at_its_new_time()
    {
        using var delays = new Delays(_clock);
        var elapsed = new List<int>();
        var delay = new Noted(1, elapsed);
        delays.Schedule(delay, 10);
        delays.Schedule(delay, 30);
        _clock.Move(20);
        Assert.Empty(elapsed);
        _clock.Move(20);
        Assert.Equal([1], elapsed);
    }

    [Fact]
    public void A_thousand_that_come_and_go_set_the_timer_a_few_times_only()
    {
        using var delays = new Delays(_clock);
        var delay = new Noted(1, []);
        for (var i = 0; i < 1000; i++)
        {
            delays.Schedule(delay, 500);
            delays.Cancel(delay);
            if (i % 10 == 0) _clock.Move(1);
        }

        Assert.True(_clock.Settings < 10, $"{_clock.Settings} settings of the timer");
    }

    [Fact]
    public void Random_delays_elapse_as_a_sorted_list_would()
    {
        const int Seed = 4711;
        var chance = new Random(Seed);
        using var delays = new Delays(_clock);
        var elapsed = new List<int>();
        var expected = new List<(long Due, int Id)>();
        var scheduled = new Dictionary<int, Noted>();
        for (var id = 0; id < 2000; id++)
        {
            var delay = new Noted(id, elapsed);
            var milliseconds = chance.Next(1, 500);
            delays.Schedule(delay, milliseconds);
            scheduled[id] = delay;
            expected.Add((milliseconds, id));
            if (chance.Next(3) != 0) continue;
            var gone = chance.Next(id + 1);
            if (delays.Cancel(scheduled[gone])) expected.RemoveAll(one => one.Id == gone);
        }

        _clock.Move(600);
        Assert.Equal(expected.Select(one => one.Id).Order(), elapsed.Order());
        var dues = expected.ToDictionary(one => one.Id, one => one.Due);
        Assert.Equal(elapsed.Select(id => dues[id]).Order(), elapsed.Select(id => dues[id]));
    }

    private sealed class Noted(int id, List<int> elapsed) : Delay
    {
        public override void Elapsed() => elapsed.Add(id);
    }
}
