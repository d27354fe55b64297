using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Coordinators;

public class ShareStateServingTests
{
    private const string Group = "g";
    private static readonly Dictionary<string, string> Small = new() { ["share.coordinator.state.topic.num.partitions"] = "3", ["share.coordinator.snapshot.update.records.per.snapshot"] = "2" };

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: Small))
        {
            await MakeAsync(broker, partitions: 8);
            Assert.All(await InitializeAsync(broker, [0, 1, 2, 3, 4, 5, 6, 7]), static error => Assert.Equal(ErrorCode.None, error));
            Assert.Equal(ErrorCode.None, await WriteAsync(broker, 5, 10, 19));
        }

        await using var again = await TestBroker.StartAsync(disk: disk, settings: Small);
        var read = await ReadAsync(again, 5);
        Assert.Equal((ErrorCode.None, 1, 10L), (read.ErrorCode, read.StateEpoch, read.StartOffset));
        Assert.Equal((10L, 19L, (sbyte)2), (read.StateBatches[0].FirstOffset, read.StateBatches[0].LastOffset, read.StateBatches[0].DeliveryState));
    }

    [Fact]
    public async Task Each_partition_that_is_asked_for_has_a_result_also_where_it_is_an_error()
    {
        await using var broker = await TestBroker.StartAsync(settings: Small);
        await MakeAsync(broker, partitions: 4);

        Assert.Equal([ErrorCode.None, ErrorCode.None, ErrorCode.None, ErrorCode.None, ErrorCode.UnknownTopicOrPartition], await InitializeAsync(broker, [0, 1, 2, 3, 4]));

        foreach (var shard in broker.Server.Coordinators!.ShareStates.Topic.Shards) await shard.UnloadAsync("a test");
        Assert.All(await InitializeAsync(broker, [0, 1, 2, 3]), static error => Assert.Equal(ErrorCode.NotCoordinator, error));
    }

    [Fact]
    public async Task The_log_is_let_go_of_below_what_is_needed_and_a_load_from_there_knows_everything()
    {
        await using var broker = await TestBroker.StartAsync(settings: Small);
        await MakeAsync(broker, partitions: 1);
        await InitializeAsync(broker, [0]);
        for (var offset = 0; offset < 10; offset++) Assert.Equal(ErrorCode.None, await WriteAsync(broker, 0, offset * 10, (offset * 10) + 3));
        var shard = broker.Server.Coordinators!.ShareStates.Topic.Shards.Single(static one => one.Partition.Log!.EndOffset > 0);

        shard.Prune();

        // The initial snapshot, then a snapshot for every third of ten writes: the last is the ninth.
        await Eventually(() => shard.Partition.Log!.StartOffset == 9);
        await shard.UnloadAsync("a test");
        await shard.LoadAsync();
        var read = await ReadAsync(broker, 0);
        Assert.Equal(90, read.StartOffset);
        Assert.Equal((90L, 93L), (read.StateBatches[0].FirstOffset, read.StateBatches[0].LastOffset));
    }

    [Fact]
    public async Task The_states_of_a_topic_go_with_it()
    {
        await using var broker = await TestBroker.StartAsync(settings: Small);
        using var client = await MakeAsync(broker, partitions: 2);
        await InitializeAsync(broker, [0, 1]);
        Assert.Equal(2, Count(broker));

        await client.AskAsync<DeleteTopicsResponse>(ApiKey.DeleteTopics, 5, new DeleteTopicsRequest { TopicNames = ["t"], TimeoutMs = 10_000 });

        await Eventually(() => Count(broker) == 0);
    }

    [Fact]
    public async Task The_topic_of_states_is_not_compacted_and_never_expires()
    {
        await using var broker = await TestBroker.StartAsync(settings: Small);
        using var client = await MakeAsync(broker, partitions: 1);
        await InitializeAsync(broker, [0]);

        var described = (await client.AskAsync<DescribeConfigsResponse>(ApiKey.DescribeConfigs, 4, new DescribeConfigsRequest
        {
            Resources = [new() { ResourceType = 2, ResourceName = "__share_group_state", ConfigurationKeys = ["cleanup.policy", "retention.ms"] }],
        })).Results[0];
        Assert.Equal(["cleanup.policy=delete", "retention.ms=-1"], described.Configs.Select(static config => $"{config.Name}={config.Value}").Order(StringComparer.Ordinal));
    }

    private static Uuid Topic(TestBroker broker) => broker.Server.Topics.Find("t")!.Id;

    private static int Count(TestBroker broker)
    {
        var count = 0;
        foreach (var shard in broker.Server.Coordinators!.ShareStates.Topic.Shards) shard.Run(new Nobody(), (machine, _) => Interlocked.Add(ref count, machine.Count));
        return count;
    }

    private static async Task<Conversation> MakeAsync(TestBroker broker, int partitions)
    {
        var client = await broker.ConnectAsync();
        var created = await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest { TimeoutMs = 30_000, Topics = [new() { Name = "t", NumPartitions = partitions, ReplicationFactor = 1 }] });
        Assert.Equal(ErrorCode.None, created.Topics[0].ErrorCode);
        return client;
    }

    private static async Task<List<ErrorCode>> InitializeAsync(TestBroker broker, int[] partitions)
    {
        var request = new InitializeShareGroupStateRequest { GroupId = Group, Topics = [new() { TopicId = Topic(broker) }] };
        foreach (var partition in partitions) request.Topics[0].Partitions.Add(new() { Partition = partition, StateEpoch = 1, StartOffset = -1 });
        var response = Assert.IsType<InitializeShareGroupStateResponse>(await broker.Server.Coordinators!.Peers.AskAsync(request));
        Assert.Equal(partitions, response.Results[0].Partitions.Select(static row => row.Partition));
        return [.. response.Results[0].Partitions.Select(static row => row.ErrorCode)];
    }

    private static async Task<ErrorCode> WriteAsync(TestBroker broker, int partition, long first, long last)
    {
        var asked = new WriteShareGroupStateRequest.PartitionState { Partition = partition, StateEpoch = 1, LeaderEpoch = -1, StartOffset = first };
        asked.StateBatches.Add(new() { FirstOffset = first, LastOffset = last, DeliveryState = 2, DeliveryCount = 1 });
        var request = new WriteShareGroupStateRequest { GroupId = Group, Topics = [new() { TopicId = Topic(broker), Partitions = [asked] }] };
        var response = Assert.IsType<WriteShareGroupStateResponse>(await broker.Server.Coordinators!.Peers.AskAsync(request));
        return response.Results[0].Partitions[0].ErrorCode;
    }

    private static async Task<ReadShareGroupStateResponse.PartitionResult> ReadAsync(TestBroker broker, int partition)
    {
        ReadShareGroupStateResponse.PartitionResult? read = null;
        await Eventually(async () =>
        {
            var request = new ReadShareGroupStateRequest { GroupId = Group, Topics = [new() { TopicId = Topic(broker), Partitions = [new() { Partition = partition, LeaderEpoch = -1 }] }] };
            read = Assert.IsType<ReadShareGroupStateResponse>(await broker.Server.Coordinators!.Peers.AskAsync(request)).Results[0].Partitions[0];
            return read.ErrorCode != ErrorCode.CoordinatorLoadInProgress;
        });
        return read!;
    }

    private static Task Eventually(Func<bool> holds) => Eventually(() => Task.FromResult(holds()));

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < deadline, "it did not come about in 30 s");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Nobody : Moldau.Coordination.Shards.PendingReply
    {
        public override void Send()
        {
        }

        public override void Fail(ErrorCode code, string? message)
        {
        }
    }
}
