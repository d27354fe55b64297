using Moldau.Client.Groups;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Client.Faults;

/// <summary>Every request of members of the classic protocol meets trouble in every phase; and they are closed in each.</summary>
public class ClassicMemberPhaseTests
{
    [Theory(Timeout = 120_000)]
    [InlineData(ApiKey.FindCoordinator, 1)]
    [InlineData(ApiKey.JoinGroup, 1, 2)]
    [InlineData(ApiKey.SyncGroup, 1)]
    [InlineData(ApiKey.Heartbeat, 1, 3)]
    [InlineData(ApiKey.OffsetFetch, 1)]
    [InlineData(ApiKey.OffsetCommit, 1)]
    [InlineData(ApiKey.Fetch, 2)]
    [InlineData(ApiKey.LeaveGroup, 1)]
    public Task A_classic_member_handles_in_order_and_commits_what_is_done(ApiKey api, params int[] turns) =>
        PhaseRuns.RunAsync(static trouble => new MemberScenario(GroupProtocol.Classic, trouble), api, turns);
}
