using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Coordinators;

public class GroupServingTests
{
    private static readonly Dictionary<string, string> AtOnce = new() { ["group.initial.rebalance.delay.ms"] = "0", ["offsets.topic.num.partitions"] = "3" };

    [Fact]
    public async Task What_a_group_has_stored_is_there_after_a_restart()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        string member;
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: AtOnce))
        {
            using var client = await broker.ConnectAsync();
            await client.CreateAsync("t");
            await FindAsync(client);
            member = (await JoinAsync(client, "g")).MemberId;
            await SyncAsync(client, member);
            Assert.Equal(ErrorCode.None, (await CommitAsync(client, member, 42)).Topics[0].Partitions[0].ErrorCode);
        }

        await using var again = await TestBroker.StartAsync(disk: disk, settings: AtOnce);
        using var other = await again.ConnectAsync();
        await FindAsync(other);
        Assert.Equal(42, (await FetchAsync(other)).Groups[0].Topics[0].Partitions[0].CommittedOffset);
        var described = (await other.AskAsync<DescribeGroupsResponse>(ApiKey.DescribeGroups, 6, new DescribeGroupsRequest { Groups = ["g"] })).Groups[0];
        Assert.Equal(("Stable", member), (described.GroupState, described.Members[0].MemberId));
        Assert.Equal(ErrorCode.None, (await other.AskAsync<HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest { GroupId = "g", GenerationId = 1, MemberId = member })).ErrorCode);
    }

    [Fact]
    public async Task A_shard_that_is_dropped_and_loaded_again_knows_what_was_stored()
    {
        await using var broker = await TestBroker.StartAsync(settings: AtOnce);
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        await FindAsync(client);
        var member = (await JoinAsync(client, "g")).MemberId;
        await SyncAsync(client, member);
        await CommitAsync(client, member, 7);

        foreach (var shard in broker.Server.Coordinators!.Groups.Shards) await shard.UnloadAsync("a test");
        Assert.Equal(ErrorCode.NotCoordinator, (await FetchAsync(client)).Groups[0].ErrorCode);
        foreach (var shard in broker.Server.Coordinators!.Groups.Shards) await shard.LoadAsync();

        Assert.Equal(7, (await FetchAsync(client)).Groups[0].Topics[0].Partitions[0].CommittedOffset);
    }

    [Fact]
    public async Task Who_has_not_asked_for_a_coordinator_is_told_that_there_is_none()
    {
        await using var broker = await TestBroker.StartAsync(settings: AtOnce);
        using var client = await broker.ConnectAsync();

        Assert.Equal(ErrorCode.NotCoordinator, (await FetchAsync(client)).Groups[0].ErrorCode);
        Assert.Empty((await client.AskAsync<ListGroupsResponse>(ApiKey.ListGroups, 5, new ListGroupsRequest())).Groups);
    }

    [Fact]
    public async Task The_topic_of_groups_is_neither_deleted_nor_extended()
    {
        await using var broker = await TestBroker.StartAsync(settings: AtOnce);
        using var client = await broker.ConnectAsync();
        await FindAsync(client);

        var deleted = await client.AskAsync<DeleteTopicsResponse>(ApiKey.DeleteTopics, 5, new DeleteTopicsRequest { TopicNames = ["__consumer_offsets"], TimeoutMs = 1000 });
        var extended = await client.AskAsync<CreatePartitionsResponse>(ApiKey.CreatePartitions, 3, new CreatePartitionsRequest { Topics = [new() { Name = "__consumer_offsets", Count = 9, Assignments = null }] });

        Assert.Equal(ErrorCode.InvalidRequest, deleted.Responses[0].ErrorCode);
        Assert.Contains("coordinators", deleted.Responses[0].ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.InvalidRequest, extended.Results[0].ErrorCode);
        var described = (await client.AskAsync<MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest { Topics = [new() { Name = "__consumer_offsets" }] })).Topics[0];
        Assert.Equal((3, true), (described.Partitions.Count, described.IsInternal));
    }

    [Fact]
    public async Task A_member_that_waits_for_others_is_answered_when_the_broker_stops()
    {
        var broker = await TestBroker.StartAsync(settings: new(AtOnce) { ["group.initial.rebalance.delay.ms"] = "60000" });
        using var client = await broker.ConnectAsync();
        await FindAsync(client);
        await client.SendAsync(ApiKey.JoinGroup, 3, Join("g", ""));
        // What a stop finds unread is not answered.
        using (var other = await broker.ConnectAsync())
        {
            while ((await other.AskAsync<ListGroupsResponse>(ApiKey.ListGroups, 5, new ListGroupsRequest())).Groups.Count == 0)
                await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        var stopped = broker.DisposeAsync().AsTask();

        Assert.Equal(ErrorCode.NotCoordinator, (await client.ReceiveAsync<JoinGroupResponse>(ApiKey.JoinGroup, 3)).ErrorCode);
        await stopped;
    }

    [Fact]
    public async Task Two_members_over_two_connections_share_a_generation()
    {
        await using var broker = await TestBroker.StartAsync(settings: AtOnce);
        using var one = await broker.ConnectAsync();
        using var other = await broker.ConnectAsync();
        await FindAsync(one);
        var first = await JoinAsync(one, "g");
        await SyncAsync(one, first.MemberId);

        await other.SendAsync(ApiKey.JoinGroup, 3, Join("g", ""));
        while ((await one.AskAsync<HeartbeatResponse>(ApiKey.Heartbeat, 4, new HeartbeatRequest { GroupId = "g", GenerationId = 1, MemberId = first.MemberId })).ErrorCode == ErrorCode.None)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        var again = await one.AskAsync<JoinGroupResponse>(ApiKey.JoinGroup, 3, Join("g", first.MemberId));
        var second = await other.ReceiveAsync<JoinGroupResponse>(ApiKey.JoinGroup, 3);

        Assert.Equal((2, 2), (again.GenerationId, second.GenerationId));
        Assert.Equal(2, again.Members.Count);
    }

    private static JoinGroupRequest Join(string group, string member) => new()
    {
        GroupId = group, MemberId = member, SessionTimeoutMs = 30_000, RebalanceTimeoutMs = 60_000, ProtocolType = "consumer", Protocols = [new() { Name = "range", Metadata = new byte[] { 0, 0 } }],
    };

    private static async Task FindAsync(Conversation client)
    {
        var found = await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { CoordinatorKeys = ["g"] });
        Assert.Equal(ErrorCode.None, found.Coordinators[0].ErrorCode);
    }

    private static async Task<JoinGroupResponse> JoinAsync(Conversation client, string group)
    {
        var joined = await client.AskAsync<JoinGroupResponse>(ApiKey.JoinGroup, 3, Join(group, ""));
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        return joined;
    }

    private static async Task SyncAsync(Conversation client, string member)
    {
        var request = new SyncGroupRequest
        {
            GroupId = "g", MemberId = member, GenerationId = 1, ProtocolType = "consumer", ProtocolName = "range", Assignments = [new() { MemberId = member, Assignment = new byte[] { 1 } }],
        };
        Assert.Equal(ErrorCode.None, (await client.AskAsync<SyncGroupResponse>(ApiKey.SyncGroup, 5, request)).ErrorCode);
    }

    private static Task<OffsetCommitResponse> CommitAsync(Conversation client, string member, long offset) => client.AskAsync<OffsetCommitResponse>(ApiKey.OffsetCommit, 9, new OffsetCommitRequest
    {
        GroupId = "g", MemberId = member, GenerationIdOrMemberEpoch = 1, Topics = [new() { Name = "t", Partitions = [new() { CommittedOffset = offset }] }],
    });

    private static Task<OffsetFetchResponse> FetchAsync(Conversation client) =>
        client.AskAsync<OffsetFetchResponse>(ApiKey.OffsetFetch, 9, new OffsetFetchRequest { Groups = [new() { GroupId = "g", Topics = null }] });
}
