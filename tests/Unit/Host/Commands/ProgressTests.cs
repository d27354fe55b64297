using Moldau.Host.Commands.Output;
using Moldau.Unit.Broker.Timing;
using Xunit;

namespace Moldau.Unit.Host.Commands;

public class ProgressTests
{
    [Theory]
    [InlineData(0, 1000, 1, "[........................]   0 %  0 records, 0/s")]
    [InlineData(250, 1000, 1, "[######..................]  25 %  250 records, 250/s, 0:03 left")]
    [InlineData(999, 1000, 1, "[#######################.]  99 %  999 records, 999/s, 0:01 left")]
    [InlineData(1000, 1000, 2, "[########################] 100 %  1000 records, 500/s")]
    [InlineData(1200, 1000, 2, "[########################] 100 %  1200 records, 600/s")]
    [InlineData(100_000, 1_000_000_000, 10, "[........................]   0 %  100.0 k records, 10.0 k/s, 27:46:30 left")]
    [InlineData(25_000_000, 0, 10, "25.0 M records, 2500.0 k/s")]
    [InlineData(7, -1, 0, "7 records, 0/s")]
    public void A_line_says_how_far_it_is(long done, long total, int seconds, string expected) =>
        Assert.Equal(expected, ProgressLine.Draw("records", done, total, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void No_line_is_wider_than_a_terminal() =>
        Assert.InRange(ProgressLine.Draw(new string('w', 200), long.MaxValue, long.MaxValue, TimeSpan.FromTicks(1)).Length, 1, 78);

    [Fact]
    public void It_waits_a_little_draws_now_and_then_and_leaves_nothing_behind()
    {
        var clock = new TimerClock();
        using var error = new StringWriter();
        using (var progress = new Progress(new Terminal { Output = TextWriter.Null, Error = error, Clock = clock, IsWatched = true }, "records", 100))
        {
            progress.Show(1);
            Assert.Equal("", error.ToString());
            clock.Move(1000);
            progress.Show(50);
            progress.Show(51);
            Assert.Equal("\r[############............]  50 %  50 records, 50/s, 0:01 left", error.ToString());
            clock.Move(1000);
            progress.Show(100);
        }

        var last = error.ToString().Split('\r');
        Assert.StartsWith("[########################] 100 %  100 records, 50/s ", last[2], StringComparison.Ordinal);
        // What was longer before is wiped, and in the end all of it.
        Assert.Equal(last[1].Length, last[2].Length);
        Assert.Equal("", last[3].Trim());
        Assert.Equal("", last[4]);
    }

    [Fact]
    public void Nobody_watching_nothing_is_drawn()
    {
        var clock = new TimerClock();
        using var error = new StringWriter();
        using (var progress = new Progress(new Terminal { Output = TextWriter.Null, Error = error, Clock = clock }, "records", 100))
        {
            clock.Move(10000);
            progress.Show(50);
        }

        Assert.Equal("", error.ToString());
    }
}
