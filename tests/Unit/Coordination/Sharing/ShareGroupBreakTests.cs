using Moldau.Unit.Coordination.Scenarios;
using Moldau.Unit.Mutations;
using Xunit;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>What share groups and share coordinators owe each other broken on purpose: the simulation, or a scenario, accuses it.</summary>
[Trait("Pace", "slow")]
public class ShareGroupBreakTests
{
    private const string Groups = "src/Coordination/Groups/Share/";
    private const string States = "src/Coordination/ShareStates/ShareStateMachine.cs";
    private const string Deletion = Groups + "StateDeletion.cs";
    private const string IsAssignable = "{ IsAssignable = group.States.Value.IsInitialized }";

    // Each is noticed within some hundred of them.
    private const int Seeds = 3_000;

    [Fact]
    public void The_sound_code_is_not_accused() => Assert.Null(Simulated(Groups + "ShareTargets.cs", IsAssignable, IsAssignable, seeds: 30));

    [Fact]
    public void A_partition_that_is_given_out_before_it_has_a_state_is_noticed() =>
        Assert.NotNull(Simulated(Groups + "ShareTargets.cs", IsAssignable, "{ IsAssignable = static (_, _) => true }"));

    [Fact]
    public void An_alteration_that_nobody_answered_and_that_counts_later_is_noticed() =>
        Assert.NotNull(MutatedRoom.With(States, "if (stateEpoch > known.StateEpoch)", "if (stateEpoch < ShareState.NoEpoch)").Run<ShareStates.ScenarioTests>(nameof(ShareStates.ScenarioTests.A_scenario_comes_out_as_it_is_written), "fencing"));

    [Fact]
    public void An_alteration_in_the_epoch_of_the_one_before_is_noticed() =>
        Assert.NotNull(Played(Groups + "StartAlteration.cs", "if (epoch == group.AlteredEpoch)", "if (epoch < 0)"));

    [Fact]
    public void A_group_that_is_forgotten_while_something_is_asked_for_is_noticed() =>
        Assert.NotNull(Simulated(Deletion, "else if (states.Initialized.Count + states.Initializing.Count > 0)", "else if (states.Initialized.Count < 0)"));

    [Fact]
    public void An_answer_that_counts_after_a_deletion_is_noticed() =>
        Assert.NotNull(Played(Groups + "StateInitialization.cs", " || group.Deletions != deletions", ""));

    [Fact]
    public void A_deletion_that_asks_only_for_what_was_confirmed_is_noticed() =>
        Assert.NotNull(Simulated(Deletion, "StatePartitions.Union(states.Initialized, states.Initializing)", "states.Initialized"));

    [Fact]
    public void A_load_that_forgets_deadlines_is_noticed() => Assert.NotNull(Simulated(
        Groups + "ShareGroups.cs", "group.AlteredEpoch = group.EpochAndHash.Value.Epoch;\n        SetSessions(outcome);", "group.AlteredEpoch = group.EpochAndHash.Value.Epoch;"));

    private static object? Simulated(string file, string original, string fault, int seeds = Seeds) =>
        MutatedRoom.With(file, original, fault).Call(typeof(ShareGroupSimulation), nameof(ShareGroupSimulation.FaultOf), 1, seeds);

    /// <summary>It takes thousands of seeds to come upon it.</summary>
    private static Exception? Played(string file, string original, string fault) =>
        MutatedRoom.With(file, original, fault).Run<ScenarioTests>(nameof(ScenarioTests.A_scenario_comes_out_as_it_is_written), "share-races");
}
