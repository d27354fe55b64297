using Moldau.Unit.Storage.Simulation;
using Xunit;

namespace Moldau.Unit.Coordination.Deliveries;

/// <summary>
/// A key's records are never given out of order, nothing is given before its delay is over, and what is given up is copied, whatever
/// fails meanwhile.
/// </summary>
public sealed class QueueSimulationTests
{
    private static int Seeds => SeedRun.IsLong ? 8_000 : 80;

    [Fact]
    public void Queues_keep_what_they_promise()
    {
        var seen = SeedRun.Over(Seeds, typeof(QueueSimulationTests), static (seed, seen) => new QueueSimulation(seed, seen).Run());
        seen.AssertMet("given in its key's order", "given when it had waited", "buried", "could not be copied", "copied when the leader went", "the start moved", "the order changed", "restarted");
    }

    [Theory]
    [InlineData(QueueBreak.BuriesWithoutCopy)]
    [InlineData(QueueBreak.HidesKeys)]
    [InlineData(QueueBreak.HurriesDelays)]
    internal void What_is_done_wrong_is_noticed(QueueBreak broken)
    {
        var noticed = Enumerable.Range(1, 20).Count(seed => Record.Exception(() => new QueueSimulation(seed, new Happenings(), broken).Run()) is InvalidOperationException);
        Assert.True(noticed > 0, $"{broken} went unnoticed");
    }
}
