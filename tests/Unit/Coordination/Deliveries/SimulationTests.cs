using Moldau.Unit.Storage.Simulation;
using Xunit;

namespace Moldau.Unit.Coordination.Deliveries;

/// <summary>A record never has two holders, is never lost, never given again when it is done with, and never too often.</summary>
public sealed class SimulationTests
{
    private static int Seeds => SeedRun.IsLong ? 4_000 : 40;

    [Fact]
    public void Records_are_delivered_as_often_as_is_right()
    {
        var seen = SeedRun.Over(Seeds, typeof(SimulationTests), static (seed, seen) => new DeliverySimulation(seed, seen).Run());
        seen.AssertMet("delivered again", "refused", "acknowledged", "a write failed", "a write failed and was stored", "left", "the start moved", "restarted");
    }

    [Theory]
    [InlineData(DeliveryBreak.StoresNothing)]
    [InlineData(DeliveryBreak.CallsFailureSuccess)]
    internal void What_is_done_wrong_is_noticed(DeliveryBreak broken)
    {
        var noticed = Enumerable.Range(1, 20).Count(seed => Record.Exception(() => new DeliverySimulation(seed, new Happenings(), broken).Run()) is InvalidOperationException);
        Assert.True(noticed > 0, $"{broken} went unnoticed");
    }
}
