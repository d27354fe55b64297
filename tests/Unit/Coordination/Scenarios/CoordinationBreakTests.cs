using Moldau.Unit.Mutations;
using Xunit;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>Each guarantee of a shard broken on purpose: a scenario that is right in the sound code comes out otherwise.</summary>
[Trait("Pace", "slow")]
public class CoordinationBreakTests
{
    private const string Shard = "src/Coordination/Shards/Shard.cs";

    [Fact]
    public void The_sound_code_is_not_accused() => Assert.Null(Played("classic-failed", Shard, "reply.Leave();\n        else", "reply.Leave();\n        else"));

    [Fact]
    public void An_answer_before_the_commit_is_noticed() =>
        Assert.NotNull(Played("classic-rebalance", Shard, "foreach (var reply in _outcome.Replies) Hold(new HeldReply(reply));", "foreach (var reply in _outcome.Replies) reply.Send();"));

    [Fact]
    public void A_read_that_does_not_wait_is_noticed() =>
        Assert.NotNull(Played("classic-failed", Shard, "if (_batches.Count == 0) reply.Leave();", "if (_batches.Count == 0 || _outcome.Records.Count == 0) reply.Leave();"));

    [Fact]
    public void A_failed_append_that_keeps_its_state_is_noticed() => Assert.NotNull(Played(
        "classic-failed", Shard, "Machine.Undo.GoBack(first > 0 ? _batches[first - 1].UndoEnd : Machine.Undo.FirstPosition);", ""));

    [Fact]
    public void A_timer_that_a_load_forgets_is_noticed() => Assert.NotNull(Played(
        "classic-reload", "src/Coordination/Groups/Classic/ClassicGroups.cs", "ClassicRebalance.SetTimers(group, outcome);\n            // The limit", "// The limit"));

    [Fact]
    public void A_marker_that_is_dropped_is_noticed() => Assert.NotNull(Played(
        "offsets-transactions", Shard, "Machine.ReplayMarker(producer, end.IsCommit);", ""));

    private static Exception? Played(string scenario, string file, string original, string fault) =>
        MutatedRoom.With(file, original, fault).Run<ScenarioTests>(nameof(ScenarioTests.A_scenario_comes_out_as_it_is_written), scenario);
}
