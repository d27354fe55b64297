using Moldau.Client.Groups;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Client.Faults;

/// <summary>Every request of consumers without a group and of members of KIP-848 meets trouble in every phase; and they are closed in each.</summary>
public class ConsumerPhaseTests
{
    [Theory(Timeout = 120_000)]
    [InlineData(ApiKey.ApiVersions, 1, 2)]
    [InlineData(ApiKey.Metadata, 1)]
    [InlineData(ApiKey.ListOffsets, 1)]
    [InlineData(ApiKey.Fetch, 1, 3)]
    public Task A_consumer_reads_once_and_in_order(ApiKey api, params int[] turns) => PhaseRuns.RunAsync(static _ => new ReaderScenario(), api, turns);

    [Fact(Timeout = 120_000)]
    public Task A_consumer_whose_leaders_moved_asks_the_new_ones_and_reads_on() => PhaseRuns.RunAsync(static _ => new ReaderScenario(moves: true), ApiKey.OffsetForLeaderEpoch, [1]);

    [Theory(Timeout = 120_000)]
    [InlineData(ApiKey.ConsumerGroupHeartbeat, 1, 2, 5)]
    [InlineData(ApiKey.OffsetFetch, 1)]
    [InlineData(ApiKey.OffsetCommit, 1)]
    public Task A_member_handles_in_order_and_commits_what_is_done(ApiKey api, params int[] turns) =>
        PhaseRuns.RunAsync(static trouble => new MemberScenario(GroupProtocol.Consumer, trouble), api, turns);
}
