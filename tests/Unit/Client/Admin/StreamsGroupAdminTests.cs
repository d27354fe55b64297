using Moldau.Client;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Admin;

/// <summary>A streams group's tasks are told of as the partitions that they read.</summary>
public sealed class StreamsGroupAdminTests
{
    private readonly ScriptedBroker _broker = new();

    public StreamsGroupAdminTests()
    {
        _broker.On(ApiKey.FindCoordinator, static (_, _, _) => ScriptedReply.Of(new FindCoordinatorResponse { Coordinators = [new FindCoordinatorResponse.Coordinator { NodeId = 1, Host = "scripted", Port = 1 }] }));
        _broker.On(ApiKey.ConsumerGroupDescribe, static (_, _, _) => ScriptedReply.Of(new ConsumerGroupDescribeResponse { Groups = [new() { ErrorCode = ErrorCode.GroupIdNotFound }] }));
        _broker.On(ApiKey.DescribeGroups, static (_, _, _) => ScriptedReply.Of(new DescribeGroupsResponse { Groups = [new() { ErrorCode = ErrorCode.GroupIdNotFound }] }));
        _broker.On(ApiKey.ShareGroupDescribe, static (_, _, _) => ScriptedReply.Of(new ShareGroupDescribeResponse { Groups = [new() { ErrorCode = ErrorCode.GroupIdNotFound }] }));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Active_tasks_are_partitions_of_what_their_part_reads()
    {
        _broker.On(ApiKey.StreamsGroupDescribe, static (_, _, _) => ScriptedReply.Of(new StreamsGroupDescribeResponse { Groups = [Counting()] }));
        await using var client = new KafkaClient(_broker.Options());

        var group = (await client.Groups.DescribeAsync(["counting"], Token))[0].Get();

        Assert.Equal(("streams", "Stable", 7, false), (group.Type, group.State, group.Epoch, group.IsShare));
        var member = Assert.Single(group.Members);
        Assert.Equal(["words-0", "words-2", "counting-by-word-1"], member.Assigned.Select(static where => where.ToString()));
        Assert.Equal(["words-0"], member.Target!.Select(static where => where.ToString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_group_of_no_kind_is_not_there()
    {
        _broker.On(ApiKey.StreamsGroupDescribe, static (_, _, _) => ScriptedReply.Of(new StreamsGroupDescribeResponse { Groups = [new() { ErrorCode = ErrorCode.GroupIdNotFound }] }));
        await using var client = new KafkaClient(_broker.Options());

        Assert.Equal(ErrorCode.GroupIdNotFound, (await client.Groups.DescribeAsync(["counting"], Token))[0].Error?.Code);
    }

    private static StreamsGroupDescribeResponse.Group Counting() => new()
    {
        GroupId = "counting",
        GroupState = "Stable",
        GroupEpoch = 7,
        Topology = new() { Subtopologies = [new() { SubtopologyId = "0", SourceTopics = ["words"] }, new() { SubtopologyId = "1", RepartitionSourceTopics = [new() { Name = "counting-by-word" }] }] },
        Members =
        [
            new()
            {
                MemberId = "m",
                Assignment = new() { ActiveTasks = [new() { SubtopologyId = "0", Partitions = [0, 2] }, new() { SubtopologyId = "1", Partitions = [1] }], StandbyTasks = [new() { SubtopologyId = "1", Partitions = [0] }] },
                TargetAssignment = new() { ActiveTasks = [new() { SubtopologyId = "0", Partitions = [0] }] },
            },
        ],
    };
}
