using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Coordinators;

/// <summary>Share groups as their members and administrators speak to a broker.</summary>
public class ShareGroupTalkTests
{
    private static readonly Dictionary<string, string> Small = new()
    {
        ["offsets.topic.num.partitions"] = "2", ["share.coordinator.state.topic.num.partitions"] = "2", ["group.share.assignment.interval.ms"] = "0",
    };

    [Fact]
    public async Task Offsets_are_told_with_the_lag_moved_and_deleted()
    {
        await using var broker = await StartAsync();
        using var client = await broker.ConnectAsync();
        var topic = await JoinAndLeaveAsync(client);
        await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a", "b", "c")));

        // Nobody has decided where it begins.
        var fresh = Assert.Single((await DescribeAsync(client)).Topics);
        Assert.Equal((topic, -1L, -1L), (fresh.TopicId, fresh.Partitions[0].StartOffset, fresh.Partitions[0].Lag));

        var altered = await client.AskAsync<AlterShareGroupOffsetsResponse>(ApiKey.AlterShareGroupOffsets, 0, new AlterShareGroupOffsetsRequest
        {
            GroupId = "g", Topics = [new() { TopicName = "t", Partitions = [new() { PartitionIndex = 0, StartOffset = 1 }] }],
        });
        Assert.Equal((ErrorCode.None, ErrorCode.None), (altered.ErrorCode, altered.Responses[0].Partitions[0].ErrorCode));
        var moved = (await DescribeAsync(client, "t")).Topics[0].Partitions[0];
        Assert.Equal((1L, 2L, ErrorCode.None), (moved.StartOffset, moved.Lag, moved.ErrorCode));

        // A record at or above the start is done with: the lag is one less.
        var written = await client.AskAsync<WriteShareGroupStateResponse>(ApiKey.WriteShareGroupState, 1, new WriteShareGroupStateRequest
        {
            GroupId = "g",
            Topics = [new() { TopicId = topic, Partitions = [new() { Partition = 0, StateEpoch = -1, LeaderEpoch = -1, StartOffset = -1, DeliveryCompleteCount = 1, StateBatches = [new() { FirstOffset = 2, LastOffset = 2, DeliveryState = 2, DeliveryCount = 1 }] }] }],
        });
        Assert.Equal(ErrorCode.None, written.Results[0].Partitions[0].ErrorCode);
        Assert.Equal(1, (await DescribeAsync(client, "t")).Topics[0].Partitions[0].Lag);

        var deleted = await client.AskAsync<DeleteShareGroupOffsetsResponse>(ApiKey.DeleteShareGroupOffsets, 0, new DeleteShareGroupOffsetsRequest { GroupId = "g", Topics = [new() { TopicName = "t" }] });
        Assert.Equal(ErrorCode.None, deleted.Responses[0].ErrorCode);
        Assert.Empty((await DescribeAsync(client)).Topics);
        Assert.Equal(-1, (await DescribeAsync(client, "t")).Topics[0].Partitions[0].StartOffset);
    }

    [Fact]
    public async Task Groups_are_described_and_listed_by_their_kind()
    {
        await using var broker = await StartAsync();
        using var client = await broker.ConnectAsync();
        await JoinAndLeaveAsync(client, leaves: false);

        var told = await client.AskAsync<ShareGroupDescribeResponse>(ApiKey.ShareGroupDescribe, 1, new ShareGroupDescribeRequest { GroupIds = ["g", "none", ""], IncludeAuthorizedOperations = true });
        Assert.Equal([ErrorCode.None, ErrorCode.GroupIdNotFound, ErrorCode.InvalidGroupId], told.Groups.Select(static group => group.ErrorCode));
        Assert.Equal(("Stable", "simple", "m1"), (told.Groups[0].GroupState, told.Groups[0].AssignorName, told.Groups[0].Members[0].MemberId));
        Assert.NotEqual(int.MinValue, told.Groups[0].AuthorizedOperations);

        var listed = await client.AskAsync<ListGroupsResponse>(ApiKey.ListGroups, 5, new ListGroupsRequest { TypesFilter = ["share"] });
        Assert.Equal(("g", "share", "Stable"), (listed.Groups[0].GroupId, listed.Groups[0].GroupType, listed.Groups[0].GroupState));
    }

    [Fact]
    public async Task A_member_needs_an_id_that_may_be_one()
    {
        await using var broker = await StartAsync();
        using var client = await broker.ConnectAsync();
        foreach (var id in new[] { "", new string('x', 37) })
        {
            var refused = await client.AskAsync<ShareGroupHeartbeatResponse>(ApiKey.ShareGroupHeartbeat, 1, new ShareGroupHeartbeatRequest { GroupId = "g", MemberId = id, SubscribedTopicNames = ["t"] });
            Assert.Equal((ErrorCode.InvalidRequest, "Invalid member id in the request."), (refused.ErrorCode, refused.ErrorMessage));
        }
    }

    [Fact]
    public async Task Where_the_feature_is_off_members_and_administrators_are_refused()
    {
        await using var broker = await StartAsync();
        using var client = await broker.ConnectAsync();
        await JoinAndLeaveAsync(client);

        var off = await client.AskAsync<UpdateFeaturesResponse>(ApiKey.UpdateFeatures, 2, new UpdateFeaturesRequest { FeatureUpdates = [new() { Feature = "share.version", MaxVersionLevel = 0, UpgradeType = 2 }] });
        Assert.Equal(ErrorCode.None, off.ErrorCode);

        var beat = await BeatAsync(client, 0, "t");
        Assert.Equal((ErrorCode.UnsupportedVersion, "share.version is not finalized"), (beat.ErrorCode, beat.ErrorMessage));
        var fetched = await client.AskAsync<ShareFetchResponse>(ApiKey.ShareFetch, 1, new ShareFetchRequest { GroupId = "g", MemberId = "m1" });
        Assert.Equal(ErrorCode.UnsupportedVersion, fetched.ErrorCode);
        var told = await client.AskAsync<ShareGroupDescribeResponse>(ApiKey.ShareGroupDescribe, 1, new ShareGroupDescribeRequest { GroupIds = ["g"] });
        Assert.Equal(ErrorCode.UnsupportedVersion, told.Groups[0].ErrorCode);
    }

    [Theory]
    [InlineData(2, "g:AAAAAAAAAAAAAAAAAAAABQ:0", ErrorCode.None)]
    [InlineData(2, "with:colons:AAAAAAAAAAAAAAAAAAAABQ:12", ErrorCode.None)]
    [InlineData(2, "g:AAAAAAAAAAAAAAAAAAAABQ", ErrorCode.InvalidRequest)]
    [InlineData(2, ":AAAAAAAAAAAAAAAAAAAABQ:0", ErrorCode.InvalidRequest)]
    [InlineData(2, "g:t:0", ErrorCode.InvalidRequest)]
    [InlineData(2, "g:AAAAAAAAAAAAAAAAAAAABQ:-1", ErrorCode.InvalidRequest)]
    [InlineData(2, "", ErrorCode.InvalidRequest)]
    public async Task A_share_coordinator_is_found_by_group_topic_and_partition(sbyte type, string key, ErrorCode expected)
    {
        await using var broker = await StartAsync();
        using var client = await broker.ConnectAsync();

        var found = await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 6, new FindCoordinatorRequest { KeyType = type, CoordinatorKeys = [key] });

        Assert.Equal(expected, found.Coordinators[0].ErrorCode);
        Assert.Equal(expected == ErrorCode.None ? 2 : 0, broker.Server.Coordinators!.ShareStates.Topic.Shards.Count);
    }

    private static Task<TestBroker> StartAsync() => TestBroker.StartAsync(settings: Small);

    private static async Task<Uuid> JoinAndLeaveAsync(Conversation client, bool leaves = true)
    {
        var topic = await client.CreateAsync("t");
        var found = await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { KeyType = 0, CoordinatorKeys = ["g"] });
        Assert.Equal(ErrorCode.None, found.Coordinators[0].ErrorCode);
        var joined = await BeatAsync(client, 0, "t");
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        var assigned = await BeatAsync(client, joined.MemberEpoch);
        Assert.Equal(topic, assigned.Assignment!.TopicPartitions[0].TopicId);
        if (leaves) Assert.Equal(ErrorCode.None, (await BeatAsync(client, -1)).ErrorCode);
        return topic;
    }

    private static Task<ShareGroupHeartbeatResponse> BeatAsync(Conversation client, int epoch, params string[] topics) => client.AskAsync<ShareGroupHeartbeatResponse>(
        ApiKey.ShareGroupHeartbeat, 1, new ShareGroupHeartbeatRequest { GroupId = "g", MemberId = "m1", MemberEpoch = epoch, SubscribedTopicNames = topics.Length > 0 ? [.. topics] : null });

    /// <param name="topics">None asks for all.</param>
    private static async Task<DescribeShareGroupOffsetsResponse.Group> DescribeAsync(Conversation client, params string[] topics)
    {
        var asked = new DescribeShareGroupOffsetsRequest.Group { GroupId = "g", Topics = topics.Length == 0 ? null : [.. topics.Select(static name => new DescribeShareGroupOffsetsRequest.Topic { TopicName = name, Partitions = [0] })] };
        var response = await client.AskAsync<DescribeShareGroupOffsetsResponse>(ApiKey.DescribeShareGroupOffsets, 1, new DescribeShareGroupOffsetsRequest { Groups = [asked] });
        Assert.Equal(ErrorCode.None, response.Groups[0].ErrorCode);
        return response.Groups[0];
    }
}
