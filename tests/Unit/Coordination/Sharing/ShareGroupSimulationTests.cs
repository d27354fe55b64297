using Moldau.Unit.Storage.Simulation;
using Xunit;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>A share group is given what it subscribes to, once its state is there, and what a member was told counts, whoever restarts and whatever is lost.</summary>
public sealed class ShareGroupSimulationTests
{
    private static int Seeds => SeedRun.IsLong ? 10_000 : 2_000;

    [Fact]
    public void What_was_told_counts_and_everything_is_given_out()
    {
        var seen = SeedRun.Over(Seeds, typeof(ShareGroupSimulationTests), static (seed, seen) => new ShareGroupSimulation(seed, seen).Run());
        seen.AssertMet(
            "a message was lost", "a message came twice", "an append failed", "the share coordinator restarted", "the group coordinator restarted", "pruned", "compacted", "another leads", "fell silent",
            "a topic was deleted", "offsets were altered", "offsets were altered in vain", "offsets were deleted", "offsets were deleted in vain", "a group was deleted", "a group was deleted in vain");
    }
}
