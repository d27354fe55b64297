using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Testing;

public class ManualClockTests
{
    [Fact]
    public async Task Timers_fire_in_their_order_at_their_times_and_periods_go_on()
    {
        var clock = new ManualClock();
        var fired = new List<(string, double)>();
        var began = clock.GetTimestamp();
        await using var late = clock.CreateTimer(_ => Note("late"), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        await using var each = clock.CreateTimer(_ => Note("each"), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([("each", 2), ("each", 4), ("late", 5), ("each", 6)], fired);
        Assert.Equal(1, clock.Waiting);

        void Note(string name) => fired.Add((name, clock.GetElapsedTime(began).TotalSeconds));
    }

    [Fact]
    public async Task A_jump_changes_what_it_shows_and_no_time_passes()
    {
        var clock = new ManualClock();
        var waits = Task.Delay(TimeSpan.FromSeconds(1), clock, TestContext.Current.CancellationToken);
        var began = clock.GetTimestamp();
        clock.Jump(clock.GetUtcNow().AddDays(-3));
        Assert.False(waits.IsCompleted);
        Assert.Equal(TimeSpan.Zero, clock.GetElapsedTime(began));
        clock.Advance(TimeSpan.FromSeconds(1));
        await waits;
    }
}
