using Moldau.Unit.Coordination.Scenarios;
using Moldau.Unit.Mutations;
using Xunit;

namespace Moldau.Unit.Coordination.Consumer;

/// <summary>Each guarantee of consumer groups broken on purpose: a scenario, or the simulation, accuses it.</summary>
[Trait("Pace", "slow")]
public class ConsumerBreakTests
{
    private const string Checks = "src/Coordination/Groups/Consumer/MemberChecks.cs";
    private const string Held = "src/Coordination/Groups/Consumer/PartitionEpochs.cs";
    private const string IsHeld = "public bool IsHeld(Uuid topic, int partition) => _epochs.Contains((topic, partition));";
    private const string Groups = "src/Coordination/Groups/Consumer/ConsumerGroups.cs";

    [Fact]
    public void The_sound_code_is_not_accused() => Assert.Null(Simulated(Held, IsHeld, IsHeld));

    [Fact]
    public void An_epoch_that_is_not_checked_is_noticed() =>
        Assert.NotNull(Played("consumer-members", Checks, "if (epoch == 0 || epoch == member.Epoch) return;", "if (epoch >= 0) return;"));

    [Fact]
    public void A_claim_that_is_not_checked_is_noticed() =>
        Assert.NotNull(Played("consumer-members", Checks, "if (epoch != member.PreviousEpoch || !HasOnlyAssigned(member, owned))", "if (epoch != member.PreviousEpoch)"));

    [Fact]
    public void A_partition_that_is_given_before_it_is_released_is_noticed() =>
        Assert.NotNull(Simulated(Held, IsHeld, "public bool IsHeld(Uuid topic, int partition) => _epochs.Count < 0;"));

    [Fact]
    public void A_deadline_that_a_load_forgets_is_noticed() => Assert.NotNull(Played(
        "consumer-reload", Groups, "public void Loaded(Outcome outcome)\n    {\n        foreach (var group in _replay.Groups.Values) Timers.SetAll(group, outcome);\n    }", "public void Loaded(Outcome outcome)\n    {\n    }"));

    [Fact]
    public void A_commit_of_a_stale_member_is_noticed() => Assert.NotNull(Played(
        "consumer-members", "src/Coordination/Groups/Consumer/ConsumerGroup.cs", "return assigned is { } epoch && caller.Epoch >= epoch ? ErrorCode.None : Stale(member);", "return ErrorCode.None;"));

    private static Exception? Played(string scenario, string file, string original, string fault) =>
        MutatedRoom.With(file, original, fault).Run<ScenarioTests>(nameof(ScenarioTests.A_scenario_comes_out_as_it_is_written), scenario);

    private static Exception? Simulated(string file, string original, string fault) =>
        MutatedRoom.With(file, original, fault).Run<ConsumerSimulationTests>(nameof(ConsumerSimulationTests.No_partition_has_two_users_and_groups_settle), 1);
}
