using Xunit;

namespace Moldau.Unit.Storage.Simulation;

public class LogSimulationTests
{
    [Fact]
    public void Nothing_acknowledged_is_lost_and_nothing_is_invented_whatever_the_end()
    {
        var seen = SeedRun.Over(SeedRun.IsLong ? 20_000 : 100, typeof(LogSimulationTests), static (seed, seen) => new LogSimulation(seed, seen).Run());
        seen.AssertMet(
            // How lives end.
            "power lost", "power lost in a start", "killed", "killed in a step", "stopped", "opened after an orderly stop", "power lost behind an orderly stop");
    }
}
