using Xunit;

namespace Moldau.Unit.Coordination.Transactions.Simulation;

/// <summary>Transactions are all or nothing whatever happens around them, and the simulation notices where they are not.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 12;

    private static readonly int First = Environment.GetEnvironmentVariable("MOLDAU_SEED") is { Length: > 0 } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next(1_000_000);

    [Fact]
    public void Transactions_are_all_or_nothing()
    {
        var committed = 0;
        for (var seed = First; seed < First + Seeds; seed++)
        {
            try
            {
                committed += TransactionSimulation.Run(seed, new SimulationBreaks());
            }
            catch (RuleBrokenException broken)
            {
                Assert.Fail($"MOLDAU_SEED={seed}: {broken.Message}");
            }
        }

        output.WriteLine($"{committed} transactions committed; MOLDAU_SEED={First}");
        Assert.True(committed > Seeds * 10, $"only {committed} transactions were committed; MOLDAU_SEED={First}");
    }

    [Fact]
    public void A_marker_that_is_dropped_is_noticed() => Notices(new SimulationBreaks { DroppedMarkers = 5 });

    [Fact]
    public void A_stable_offset_that_is_one_too_far_is_noticed() => Notices(new SimulationBreaks { StableOffsetError = 1 });

    [Fact]
    public void An_epoch_that_is_not_checked_is_noticed() => Notices(new SimulationBreaks { SkipsEpochCheck = true });

    [Fact]
    public void A_timer_that_a_load_forgets_is_noticed() => Notices(new SimulationBreaks { LosesTimersOnReload = true });

    [Fact]
    public void An_answer_before_the_commit_is_noticed() => Notices(new SimulationBreaks { AnswersBeforeCommit = true });

    private void Notices(SimulationBreaks breaks)
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            try
            {
                TransactionSimulation.Run(seed, breaks);
            }
            catch (RuleBrokenException noticed)
            {
                output.WriteLine($"seed {seed}: {noticed.Message}");
                return;
            }
        }

        Assert.Fail("30 runs have noticed nothing");
    }
}
