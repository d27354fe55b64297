using Moldau.Storage.Compaction;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

public class ThrottleTests
{
    private readonly TimerClock _clock = new();

    [Fact]
    public void Without_a_limit_nobody_waits()
    {
        var throttle = new Throttle(_clock);
        for (var i = 0; i < 1000; i++) Assert.True(Take(throttle, int.MaxValue).IsCompletedSuccessfully);
    }

    [Fact]
    public void Whoever_has_used_more_than_his_share_waits_as_long_as_it_takes()
    {
        var throttle = new Throttle(_clock) { BytesPerSecond = 1_000_000 };
        // Too short for a timer; it counts all the same.
        Assert.True(Take(throttle, 4_000).IsCompletedSuccessfully);

        var wait = Take(throttle, 96_000);

        Assert.False(wait.IsCompleted);
        _clock.Pass(99);
        Assert.False(wait.IsCompleted);
        _clock.Pass(1);
        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void Cleaners_share_it()
    {
        var throttle = new Throttle(_clock) { BytesPerSecond = 1_000_000 };
        var (first, second) = (Take(throttle, 100_000), Take(throttle, 100_000));
        _clock.Pass(100);
        Assert.True(first.IsCompletedSuccessfully);
        Assert.False(second.IsCompleted);
        _clock.Pass(100);
        Assert.True(second.IsCompletedSuccessfully);
    }

    [Fact]
    public void What_was_not_used_is_not_saved_up()
    {
        var throttle = new Throttle(_clock) { BytesPerSecond = 1_000_000 };
        _clock.Pass(60_000);
        var wait = Take(throttle, 100_000);
        _clock.Pass(99);
        Assert.False(wait.IsCompleted);
        _clock.Pass(1);
        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void Over_a_while_it_is_the_rate_that_was_asked_for()
    {
        var (throttle, passed) = (new Throttle(_clock) { BytesPerSecond = 10_000_000 }, 0);
        for (var i = 0; i < 1000; i++)
        {
            for (var wait = Take(throttle, 30_000); !wait.IsCompleted; passed++) _clock.Pass(1);
        }

        // 30 MB.
        Assert.InRange(passed, 2990, 3010);
    }

    [Fact]
    public void While_it_is_paused_everybody_waits()
    {
        var throttle = new Throttle(_clock);
        throttle.Pause();
        throttle.Pause();
        var wait = Take(throttle, 1);
        _clock.Pass(1_000_000);
        Assert.False(wait.IsCompleted);
        throttle.Resume();
        Assert.True(SpinWait.SpinUntil(() => wait.IsCompleted, TimeSpan.FromSeconds(10)), "it is resumed, and somebody waits");
        Assert.True(Take(throttle, 1).IsCompleted);
        throttle.Resume();
    }

    [Fact]
    public void Who_waits_can_be_called_off()
    {
        var throttle = new Throttle(_clock) { BytesPerSecond = 1 };
        using var stop = new CancellationTokenSource();
        var wait = throttle.TakeAsync(1000, stop.Token).AsTask();
        stop.Cancel();
        Assert.True(wait.IsCanceled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void No_bytes_at_all_are_no_rate(double rate) =>
        Assert.Contains("Pause", Assert.Throws<ArgumentOutOfRangeException>(() => new Throttle(_clock) { BytesPerSecond = rate }).Message, StringComparison.Ordinal);

    private static Task Take(Throttle throttle, int bytes) => throttle.TakeAsync(bytes, TestContext.Current.CancellationToken).AsTask();
}
