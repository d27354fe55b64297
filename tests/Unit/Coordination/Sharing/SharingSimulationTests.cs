using Moldau.Unit.Storage.Simulation;
using Xunit;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>What a member was told counts, whoever leads, and nothing is lost, whatever the network does.</summary>
public sealed class SharingSimulationTests
{
    private static int Seeds => SeedRun.IsLong ? 10_000 : 100;

    [Fact]
    public void What_was_told_counts_whoever_leads()
    {
        var seen = SeedRun.Over(Seeds, typeof(SharingSimulationTests), static (seed, seen) => new SharingSimulation(seed, seen).Run());
        seen.AssertMet("a message was lost", "a message came twice", "an append failed", "the share coordinator restarted", "pruned", "another leads", "delivered again", "left");
    }

    [Theory]
    [InlineData(SharingBreak.AnswersBeforeStored)]
    [InlineData(SharingBreak.IgnoresLeaderEpochs)]
    [InlineData(SharingBreak.PrunesTooMuch)]
    [InlineData(SharingBreak.LocksForEver)]
    internal void What_is_done_wrong_is_noticed(SharingBreak broken)
    {
        var noticed = Enumerable.Range(1, 60).Count(seed => Record.Exception(() => new SharingSimulation(seed, new Happenings(), broken).Run()) is InvalidOperationException);
        Assert.True(noticed > 0, $"{broken} went unnoticed");
    }
}
