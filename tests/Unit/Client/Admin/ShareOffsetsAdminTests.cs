using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Admin;

/// <summary>Where share groups stand is planned, moved and forgotten: what is asked, and what is made of the answers.</summary>
public sealed class ShareOffsetsAdminTests
{
    private const string Group = "g";
    private static readonly TopicPartition First = new("t", 0);
    private static readonly TopicPartition Second = new("u", 0);

    private readonly ScriptedBroker _broker = new();
    private readonly List<string> _asked = [];
    private ErrorCode _refusal;

    public ShareOffsetsAdminTests()
    {
        _broker.On(ApiKey.FindCoordinator, static (_, _, _) => ScriptedReply.Of(new FindCoordinatorResponse { Coordinators = [new FindCoordinatorResponse.Coordinator { NodeId = 1, Host = "scripted", Port = 1 }] }));
        _broker.On(ApiKey.ListOffsets, static (request, _, _) => Edges((ListOffsetsRequest)request));
        _broker.On(ApiKey.DescribeShareGroupOffsets, static (_, _, _) => Stored());
        _broker.On(ApiKey.AlterShareGroupOffsets, (request, _, _) => Alter((AlterShareGroupOffsetsRequest)request));
        _broker.On(ApiKey.DeleteShareGroupOffsets, (request, _, _) => Delete((DeleteShareGroupOffsetsRequest)request));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_plan_starts_from_what_the_group_has_done_with_and_only_what_could_be_planned_is_applied()
    {
        await using var client = new KafkaClient(_broker.Options());
        var plan = await client.Groups.PlanShareAsync(Group, [], GroupSeek.By(-3), Token);
        Assert.Equal([new OffsetMove(First, 10, 7, 20), default], plan.Select(static move => move.Value));
        Assert.Equal([null, ErrorCode.OffsetOutOfRange], plan.Select(static move => move.Error?.Code));
        Assert.Empty(_asked);

        var applied = Assert.Single(await client.Groups.ApplyShareAsync(Group, plan, Token));
        Assert.Equal(First, applied.Get());
        Assert.Equal(["move g: t-0 to 7"], _asked);

        Assert.Empty(await client.Groups.ApplyShareAsync(Group, plan.Where(static move => !move.Succeeded), Token));
        Assert.Single(_asked);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_seek_goes_no_further_than_the_partition_and_needs_nothing_stored()
    {
        await using var client = new KafkaClient(_broker.Options());
        Assert.Equal([5, 5], await TargetsAsync(GroupSeek.Earliest));
        Assert.Equal([20, 20], await TargetsAsync(GroupSeek.Latest));
        Assert.Equal([20, 20], await TargetsAsync(GroupSeek.To(100)));
        Assert.Equal([12, 12], await TargetsAsync(GroupSeek.To(12)));

        async Task<IEnumerable<long>> TargetsAsync(GroupSeek seek) =>
            (await client.Groups.PlanShareAsync(Group, [Second, First], seek, Token)).Select(static move => move.Get().To);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_move_and_a_deletion_are_answered_for_each_and_a_refusal_of_the_group_is_thrown()
    {
        await using var client = new KafkaClient(_broker.Options());
        var moved = await client.Groups.AlterShareOffsetsAsync(Group, new Dictionary<TopicPartition, long> { [First] = 1, [Second] = 2 }, Token);
        Assert.Equal([(First, null), (Second, ErrorCode.TopicAuthorizationFailed)], moved.Select(static one => (one.Value, one.Error?.Code)).OrderBy(static one => one.Value.Topic));
        Assert.Equal("move g: t-0 to 1, u-0 to 2", Assert.Single(_asked));

        var forgotten = await client.Groups.DeleteShareOffsetsAsync(Group, ["t", "u"], Token);
        Assert.Equal([("t", null), ("u", ErrorCode.TopicAuthorizationFailed)], forgotten.Select(static one => (one.Value, one.Error?.Code)));
        Assert.Equal("forget g: t, u", _asked[1]);
        Assert.Contains("told of u", forgotten[1].Error!.Message, StringComparison.Ordinal);

        _refusal = ErrorCode.NonEmptyGroup;
        var refused = await Assert.ThrowsAsync<KafkaException>(() => client.Groups.AlterShareOffsetsAsync(Group, new Dictionary<TopicPartition, long> { [First] = 1 }, Token));
        Assert.Equal(ErrorCode.NonEmptyGroup, refused.Code);
        Assert.Contains("the group's members", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.NonEmptyGroup, (await Assert.ThrowsAsync<KafkaException>(() => client.Groups.DeleteShareOffsetsAsync(Group, ["t"], Token))).Code);
    }

    private static ScriptedReply Edges(ListOffsetsRequest request)
    {
        var response = new ListOffsetsResponse();
        foreach (var topic in request.Topics)
        {
            var told = new ListOffsetsResponse.Topic { Name = topic.Name };
            foreach (var one in topic.Partitions) told.Partitions.Add(new ListOffsetsResponse.Partition { PartitionIndex = one.PartitionIndex, Offset = one.Timestamp == -2 ? 5 : 20 });
            response.Topics.Add(told);
        }

        return ScriptedReply.Of(response);
    }

    private static ScriptedReply Stored()
    {
        var group = new DescribeShareGroupOffsetsResponse.Group { GroupId = Group };
        group.Topics.Add(new() { TopicName = "t", Partitions = [new() { StartOffset = 10, Lag = 10 }] });
        group.Topics.Add(new() { TopicName = "u", Partitions = [new() { StartOffset = -1, Lag = -1 }] });
        return ScriptedReply.Of(new DescribeShareGroupOffsetsResponse { Groups = [group] });
    }

    private ScriptedReply Alter(AlterShareGroupOffsetsRequest request)
    {
        if (_refusal != ErrorCode.None) return ScriptedReply.Of(new AlterShareGroupOffsetsResponse { ErrorCode = _refusal, ErrorMessage = "the group's members" });
        _asked.Add($"move {request.GroupId}: {string.Join(", ", request.Topics.SelectMany(static topic => topic.Partitions.Select(one => $"{topic.TopicName}-{one.PartitionIndex} to {one.StartOffset}")).Order(StringComparer.Ordinal))}");
        var response = new AlterShareGroupOffsetsResponse();
        foreach (var topic in request.Topics)
        {
            var told = new AlterShareGroupOffsetsResponse.Topic { TopicName = topic.TopicName };
            foreach (var one in topic.Partitions) told.Partitions.Add(new() { PartitionIndex = one.PartitionIndex, ErrorCode = CodeOf(topic.TopicName) });
            response.Responses.Add(told);
        }

        return ScriptedReply.Of(response);
    }

    private ScriptedReply Delete(DeleteShareGroupOffsetsRequest request)
    {
        if (_refusal != ErrorCode.None) return ScriptedReply.Of(new DeleteShareGroupOffsetsResponse { ErrorCode = _refusal });
        _asked.Add($"forget {request.GroupId}: {string.Join(", ", request.Topics.Select(static topic => topic.TopicName))}");
        var response = new DeleteShareGroupOffsetsResponse();
        foreach (var topic in request.Topics) response.Responses.Add(new() { TopicName = topic.TopicName, ErrorCode = CodeOf(topic.TopicName), ErrorMessage = $"told of {topic.TopicName}" });
        return ScriptedReply.Of(response);
    }

    private static ErrorCode CodeOf(string topic) => topic == "u" ? ErrorCode.TopicAuthorizationFailed : ErrorCode.None;
}
