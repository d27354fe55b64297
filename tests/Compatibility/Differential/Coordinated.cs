using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Compatibility.Differential;

/// <summary>A broker that has begun to coordinate, before a script asks it anything.</summary>
internal static class Coordinated
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task PrepareAsync(BrokerSide side)
    {
        await side.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            TimeoutMs = 10_000,
            Topics = [new() { Name = DifferentialRun.BarrierTopic, NumPartitions = 1, ReplicationFactor = 1 }],
        });
        // Kafka takes a first block of producer ids in the background.
        var since = TimeProvider.System.GetTimestamp();
        await side.UntilCoordinatesAsync();
        while ((await side.AskAsync<InitProducerIdResponse>(ApiKey.InitProducerId, 4, new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 1000 })).ErrorCode != ErrorCode.None)
        {
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {side.Name} to give producer ids");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        // It makes the groups' topic in the background too, and loads what it made.
        while (!await HasGroupsAsync(side))
        {
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {side.Name} to coordinate groups");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>And share groups: Kafka makes the topic of their state behind the first member that needs it.</summary>
    public static async Task PrepareSharesAsync(BrokerSide side)
    {
        const string Group = "the-share-group";
        var join = new ShareGroupHeartbeatRequest { GroupId = Group, MemberId = "the-first", SubscribedTopicNames = [DifferentialRun.BarrierTopic] };
        var since = TimeProvider.System.GetTimestamp();
        while ((await side.AskAsync<ShareGroupHeartbeatResponse>(ApiKey.ShareGroupHeartbeat, 1, join)).ErrorCode != ErrorCode.None)
        {
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {side.Name} to coordinate share groups");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await side.AskAsync<ShareGroupHeartbeatResponse>(ApiKey.ShareGroupHeartbeat, 1, new ShareGroupHeartbeatRequest { GroupId = Group, MemberId = "the-first", MemberEpoch = -1 });
        var deleted = await side.AskAsync<DeleteGroupsResponse>(ApiKey.DeleteGroups, 2, new DeleteGroupsRequest { GroupsNames = [Group] });
        Assert.Equal(ErrorCode.None, deleted.Results[0].ErrorCode);
    }

    private static async Task<bool> HasGroupsAsync(BrokerSide side)
    {
        var found = await side.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { KeyType = 0, CoordinatorKeys = ["the-group"] });
        if (found.Coordinators[0].ErrorCode != ErrorCode.None) return false;
        // All shards answer, or none.
        return (await side.AskAsync<ListGroupsResponse>(ApiKey.ListGroups, 4, new ListGroupsRequest())).ErrorCode == ErrorCode.None
            && (await side.AskAsync<OffsetFetchResponse>(ApiKey.OffsetFetch, 8, new OffsetFetchRequest { Groups = [new() { GroupId = "the-group", Topics = [] }] })).Groups[0].ErrorCode == ErrorCode.None;
    }
}
