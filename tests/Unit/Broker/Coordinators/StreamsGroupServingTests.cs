using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Coordinators;

/// <summary>Members of streams groups ask one node: it makes their internal topics, gives them tasks, and remembers both.</summary>
public class StreamsGroupServingTests
{
    private const sbyte MissingInternalTopics = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> Small = new()
    {
        ["offsets.topic.num.partitions"] = "3", ["num.partitions"] = "2", ["group.streams.assignment.interval.ms"] = "0", ["group.streams.initial.rebalance.delay.ms"] = "0",
    };

    [Fact]
    public async Task Internal_topics_are_made_tasks_are_given_and_a_restart_finds_both()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        int epoch;
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: Small))
        {
            using var client = await broker.ConnectAsync();
            await client.CreateAsync("t");
            var joined = await BeatAsync(client, Join());
            Assert.Equal((ErrorCode.None, MissingInternalTopics), (joined.ErrorCode, joined.Status![0].StatusCode));

            var given = await UntilAsync(client, joined.MemberEpoch, static answer => answer.ActiveTasks is { Count: > 0 });
            epoch = given.MemberEpoch;
            Assert.Equal([0, 1], given.ActiveTasks![0].Partitions);
            Assert.Equal(2, broker.Server.Topics.Find("g-changes")!.Partitions.Count);
            Assert.Equal(ErrorCode.None, await CommitAsync(client, epoch));
            Assert.Equal(ErrorCode.StaleMemberEpoch, await CommitAsync(client, epoch + 1));
        }

        await using var again = await TestBroker.StartAsync(disk: disk, settings: Small);
        using var later = await again.ConnectAsync();
        var beat = await BeatAsync(later, new StreamsGroupHeartbeatRequest { GroupId = "g", MemberId = "m", MemberEpoch = epoch });
        Assert.Equal((ErrorCode.None, epoch), (beat.ErrorCode, beat.MemberEpoch));
        var told = await later.AskAsync<StreamsGroupDescribeResponse>(ApiKey.StreamsGroupDescribe, 0, new StreamsGroupDescribeRequest { GroupIds = ["g"] });
        Assert.Equal(("Stable", 2), (told.Groups[0].GroupState, told.Groups[0].Topology!.Subtopologies![0].StateChangelogTopics[0].Partitions));
        Assert.Equal([0, 1], told.Groups[0].Members[0].Assignment.ActiveTasks[0].Partitions);
        Assert.Equal(ErrorCode.None, await CommitAsync(later, epoch));
    }

    [Fact]
    public async Task A_topic_that_cannot_be_made_is_told_of()
    {
        await using var broker = await TestBroker.StartAsync(settings: Small);
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        var joined = await BeatAsync(client, Join(replicationFactor: 9));

        var failed = await UntilAsync(client, joined.MemberEpoch, static answer => answer.Status![0].StatusDetail.Contains("Creation failed", StringComparison.Ordinal));

        Assert.StartsWith("Internal topics are missing: g-changes; Creation failed: g-changes (", failed.Status![0].StatusDetail, StringComparison.Ordinal);
        Assert.Null(broker.Server.Topics.Find("g-changes"));
    }

    [Fact]
    public async Task A_groups_own_settings_count_before_the_brokers()
    {
        await using var broker = await TestBroker.StartAsync(settings: Small);
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        var altered = await client.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = 32, ResourceName = "g", Configs = [new() { Name = "streams.heartbeat.interval.ms", Value = "7000" }, new() { Name = "streams.initial.rebalance.delay.ms", Value = "60000" }] }],
        });
        Assert.Equal(ErrorCode.None, altered.Responses[0].ErrorCode);

        const sbyte Delayed = 5;
        var joined = await BeatAsync(client, Join());

        Assert.Equal((7000, Delayed), (joined.HeartbeatIntervalMs, joined.Status![0].StatusCode));
    }

    [Fact]
    public async Task Where_the_protocol_is_switched_off_nobody_is_served()
    {
        await using var broker = await TestBroker.StartAsync(settings: new(Small) { ["group.coordinator.rebalance.protocols"] = "classic,consumer" });
        using var client = await broker.ConnectAsync();

        Assert.Equal(ErrorCode.UnsupportedVersion, (await BeatAsync(client, Join())).ErrorCode);
        var told = await client.AskAsync<StreamsGroupDescribeResponse>(ApiKey.StreamsGroupDescribe, 0, new StreamsGroupDescribeRequest { GroupIds = ["g"] });
        Assert.Equal(ErrorCode.UnsupportedVersion, told.Groups[0].ErrorCode);
    }

    [Fact]
    public async Task A_feature_that_is_taken_back_ends_it()
    {
        const sbyte SafeDowngrade = 2;
        await using var broker = await TestBroker.StartAsync(settings: Small);
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        Assert.Equal(ErrorCode.None, (await BeatAsync(client, Join())).ErrorCode);

        var updated = await client.AskAsync<UpdateFeaturesResponse>(ApiKey.UpdateFeatures, 2, new UpdateFeaturesRequest { FeatureUpdates = [new() { Feature = "streams.version", UpgradeType = SafeDowngrade }] });

        Assert.Equal(ErrorCode.None, updated.ErrorCode);
        Assert.Equal(ErrorCode.UnsupportedVersion, (await BeatAsync(client, Join())).ErrorCode);
    }

    private static StreamsGroupHeartbeatRequest Join(short replicationFactor = 0) => new()
    {
        GroupId = "g", MemberId = "m", RebalanceTimeoutMs = 10_000, ProcessId = "p", ActiveTasks = [], StandbyTasks = [], WarmupTasks = [], ClientTags = [],
        Topology = new()
        {
            Subtopologies = [new() { SubtopologyId = "0", SourceTopics = ["t"], StateChangelogTopics = [new() { Name = "g-changes", ReplicationFactor = replicationFactor, TopicConfigs = [new() { Key = "cleanup.policy", Value = "compact" }] }] }],
        },
    };

    private static async Task<StreamsGroupHeartbeatResponse> UntilAsync(Conversation client, int epoch, Func<StreamsGroupHeartbeatResponse, bool> isThere)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await BeatAsync(client, new StreamsGroupHeartbeatRequest { GroupId = "g", MemberId = "m", MemberEpoch = epoch, ActiveTasks = [], StandbyTasks = [], WarmupTasks = [] });
            Assert.Equal(ErrorCode.None, answer.ErrorCode);
            if (isThere(answer)) return answer;
            epoch = answer.MemberEpoch;
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"the last answer's status is '{(answer.Status is [var first, ..] ? first.StatusDetail : null)}'");
        }
    }

    /// <summary>The coordinator may have to be made, or loaded.</summary>
    private static async Task<StreamsGroupHeartbeatResponse> BeatAsync(Conversation client, StreamsGroupHeartbeatRequest request)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { KeyType = 0, CoordinatorKeys = ["g"] });
            var answer = await client.AskAsync<StreamsGroupHeartbeatResponse>(ApiKey.StreamsGroupHeartbeat, 0, request);
            if (answer.ErrorCode is not (ErrorCode.CoordinatorLoadInProgress or ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable)) return answer;
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"the coordinator answers {answer.ErrorCode}");
        }
    }

    private static async Task<ErrorCode> CommitAsync(Conversation client, int epoch)
    {
        var told = await client.AskAsync<OffsetCommitResponse>(ApiKey.OffsetCommit, 9, new OffsetCommitRequest
        {
            GroupId = "g", MemberId = "m", GenerationIdOrMemberEpoch = epoch, Topics = [new() { Name = "t", Partitions = [new() { CommittedOffset = 1 }] }],
        });
        return told.Topics[0].Partitions[0].ErrorCode;
    }
}
