using Moldau.Broker.Coordinators.Transactions;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Coordinators;

/// <summary>Groups' and share coordinators of one node, which reach each other by messages alone.</summary>
public class ShareGroupServingTests
{
    private const string Member = "m1";
    private static readonly Dictionary<string, string> Small = new()
    {
        ["offsets.topic.num.partitions"] = "3", ["share.coordinator.state.topic.num.partitions"] = "3", ["group.share.assignment.interval.ms"] = "0",
    };

    [Fact]
    public async Task A_member_is_given_partitions_whose_state_is_initialized_and_a_restart_finds_both()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        int epoch;
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: Small))
        {
            using var client = await broker.ConnectAsync();
            await client.CreateAsync("t");
            await broker.Server.Coordinators!.Groups.EnsureAsync();
            var joined = await BeatAsync(broker, 0, "t");
            Assert.Equal((ErrorCode.None, 0), (joined.ErrorCode, joined.Assignment!.TopicPartitions.Count));

            var assigned = await BeatAsync(broker, joined.MemberEpoch);
            epoch = assigned.MemberEpoch;
            Assert.Equal([0], assigned.Assignment!.TopicPartitions[0].Partitions);
            Assert.Equal(ErrorCode.None, (await SummaryAsync(broker)).ErrorCode);
            Assert.Equal(joined.MemberEpoch, (await SummaryAsync(broker)).StateEpoch);
        }

        await using var again = await TestBroker.StartAsync(disk: disk, settings: Small);
        ShareGroupHeartbeatResponse beat;
        do beat = await BeatAsync(again, epoch, "t");
        while (beat.ErrorCode == ErrorCode.CoordinatorLoadInProgress);
        Assert.Equal((ErrorCode.None, epoch), (beat.ErrorCode, beat.MemberEpoch));
        Assert.Equal([0], beat.Assignment!.TopicPartitions[0].Partitions);
    }

    [Fact]
    public async Task A_group_that_is_deleted_leaves_no_state()
    {
        await using var broker = await TestBroker.StartAsync(settings: Small);
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        await broker.Server.Coordinators!.Groups.EnsureAsync();
        await BeatAsync(broker, 0, "t");
        Assert.NotEqual(0, (await SummaryAsync(broker)).StateEpoch);
        Assert.Equal(ErrorCode.NonEmptyGroup, await DeleteAsync(client));

        Assert.Equal(ErrorCode.None, (await BeatAsync(broker, -1)).ErrorCode);
        Assert.Equal(ErrorCode.None, await DeleteAsync(client));

        Assert.Equal((0, -1L), ((await SummaryAsync(broker)).StateEpoch, (await SummaryAsync(broker)).StartOffset));
        Assert.Equal(ErrorCode.GroupIdNotFound, await DeleteAsync(client));
    }

    [Fact]
    public async Task A_start_that_is_set_for_a_group_is_its_share_coordinators()
    {
        await using var broker = await TestBroker.StartAsync(settings: Small);
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        await broker.Server.Coordinators!.Groups.EnsureAsync();
        var request = new AlterShareGroupOffsetsRequest { GroupId = "g", Topics = [new() { TopicName = "t", Partitions = [new() { PartitionIndex = 0, StartOffset = 7 }] }] };

        var altered = await AskAsync<AlterShareGroupOffsetsResponse>(broker, (machine, reply, outcome) => machine.Share.AlterOffsets(request, reply, outcome));

        Assert.Equal(ErrorCode.None, altered.Responses[0].Partitions[0].ErrorCode);
        Assert.Equal((7L, 0), ((await SummaryAsync(broker)).StartOffset, (await SummaryAsync(broker)).DeliveryCompleteCount));
    }

    private static Task<ShareGroupHeartbeatResponse> BeatAsync(TestBroker broker, int epoch, params string[] topics) => AskAsync<ShareGroupHeartbeatResponse>(broker, (machine, reply, outcome) =>
    {
        var request = new ShareGroupHeartbeatRequest { GroupId = "g", MemberId = Member, MemberEpoch = epoch, SubscribedTopicNames = topics.Length > 0 ? [.. topics] : null };
        machine.Share.Heartbeat(request, new MemberClient("c", "/here"), reply, outcome);
    });

    private static async Task<TResponse> AskAsync<TResponse>(TestBroker broker, Action<GroupMachine, TaskReply<TResponse>, Outcome> ask)
        where TResponse : class, IMessage, new()
    {
        var reply = new TaskReply<TResponse>();
        broker.Server.Coordinators!.Groups.Run("g", reply, (machine, outcome) => ask(machine, reply, outcome));
        var (error, _) = await reply.Given;
        if (error != ErrorCode.None && reply.Response is ShareGroupHeartbeatResponse beat) beat.ErrorCode = error;
        return reply.Response;
    }

    private static async Task<ReadShareGroupStateSummaryResponse.PartitionResult> SummaryAsync(TestBroker broker)
    {
        var request = new ReadShareGroupStateSummaryRequest { GroupId = "g", Topics = [new() { TopicId = broker.Server.Topics.Find("t")!.Id, Partitions = [new() { Partition = 0 }] }] };
        return Assert.IsType<ReadShareGroupStateSummaryResponse>(await broker.Server.Coordinators!.Peers.AskAsync(request)).Results[0].Partitions[0];
    }

    private static async Task<ErrorCode> DeleteAsync(Conversation client) =>
        (await client.AskAsync<DeleteGroupsResponse>(ApiKey.DeleteGroups, 2, new DeleteGroupsRequest { GroupsNames = ["g"] })).Results[0].ErrorCode;
}
