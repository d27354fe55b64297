using Moldau.Unit.Coordination.Scenarios;
using Moldau.Unit.Mutations;
using Xunit;

namespace Moldau.Unit.Coordination.Streams;

/// <summary>Each guarantee of streams groups broken on purpose: a scenario, or the simulation, accuses it.</summary>
[Trait("Pace", "slow")]
public class StreamsBreakTests
{
    private const string Streams = "src/Coordination/Groups/Streams/";
    private const string Holders = Streams + "TaskHolders.cs";
    private const string IsActive = "public bool IsActive(TaskId task) => _active.Contains(task);";

    [Fact]
    public void The_sound_code_is_not_accused() => Assert.Null(Simulated(Holders, IsActive, IsActive));

    [Fact]
    public void A_task_that_is_given_before_it_is_released_is_noticed() =>
        Assert.NotNull(Simulated(Holders, IsActive, "public bool IsActive(TaskId task) => _active.Count < 0;"));

    [Fact]
    public void A_copy_beside_its_own_state_is_noticed() => Assert.NotNull(Simulated(
        Holders, "=> _standby.Contains((task, process)) || _warmup.Contains((task, process));", "=> _standby.Count < 0;"));

    [Fact]
    public void An_answer_that_is_lost_and_not_told_again_is_noticed() =>
        Assert.NotNull(Simulated(Streams + "StreamsHeartbeat.cs", "(_owned is not null && !_owned.NamesSameAs(member.Assigned))", "_owned is { Active: null }"));

    [Fact]
    public void An_epoch_that_is_not_checked_is_noticed() =>
        Assert.NotNull(Played("streams-refused", Streams + "StreamsHeartbeatCheck.cs", "if (epoch == 0 || epoch == member.Epoch) return;", "if (epoch >= 0) return;"));

    [Fact]
    public void A_deadline_that_a_load_forgets_is_noticed() => Assert.NotNull(Played(
        "streams-reload", Streams + "StreamsGroups.cs", "public void Loaded(Outcome outcome)\n    {\n        foreach (var group in _replay.Groups.Values) Timers.SetAll(group, outcome);\n    }", "public void Loaded(Outcome outcome)\n    {\n    }"));

    [Fact]
    public void A_commit_of_a_stale_member_is_noticed() => Assert.NotNull(Played(
        "streams-offsets", Streams + "StreamsGroup.cs", "return assigned is { } epoch && caller.Epoch >= epoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch;", "return ErrorCode.None;"));

    private static Exception? Played(string scenario, string file, string original, string fault) =>
        MutatedRoom.With(file, original, fault).Run<ScenarioTests>(nameof(ScenarioTests.A_scenario_comes_out_as_it_is_written), scenario);

    private static Exception? Simulated(string file, string original, string fault) =>
        MutatedRoom.With(file, original, fault).Run<StreamsSimulationTests>(nameof(StreamsSimulationTests.No_task_is_run_twice_and_groups_settle), 1);
}
