using Xunit;

namespace Moldau.Unit.Storage.Simulation;

public class LogSimulationTests
{
    // Each dozens of times in a short run, the rarest among them a torn write, about twenty times.
    private static readonly string[] s_common =
    [
        "power lost", "power lost in a start", "power lost behind an orderly stop", "killed", "killed in a step", "stopped",
        "closed in order", "not closed in order", "opened after an orderly stop", "did not open", "row W5",
        "failed Write", "failed Flush", "failed FlushFolder", "failed Create", "denied Write", "DiskFull", "DiskFailed", "Offline", "refused",
        "row T2", "row T3", "row F8", "cut at a start",
        "plain", "idempotent", "duplicate", "transactional", "commit", "abort", "too large",
        "segment made", "roll", "checkpoint", "house kept", "round", "tick", "cut", "begun anew", "expired", "start moved", "starts saved",
        "starts not saved", "read", "fact", "fact refused", "others acted in between",
    ];

    // Now and then in a long one.
    private static readonly string[] s_rare =
    [
        "failed FlushDisk", "failed Delete", "failed Rename", "failed SetLength", "denied Flush", "denied FlushDisk", "denied FlushFolder",
        "denied Delete", "denied Rename", "denied SetLength", "offline", "row T4", "row T5", "row F4", "row F9", "nothing to read while it is cut",
    ];

    [Fact]
    public void Nothing_acknowledged_is_lost_and_nothing_is_invented_whatever_the_end()
    {
        var seen = SeedRun.Over(SeedRun.IsLong ? 100_000 : 200, typeof(LogSimulationTests), static (seed, seen) => new LogSimulation(seed, seen).Run());
        seen.AssertMet(s_common);
        if (SeedRun.IsLong) seen.AssertMet(s_rare);
    }
}
