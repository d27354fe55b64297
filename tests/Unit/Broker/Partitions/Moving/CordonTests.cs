using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Partitions.Moving;

/// <summary>Folders in which no new partitions are put.</summary>
public class CordonTests
{
    private const sbyte Broker = 4;

    [Fact]
    public async Task New_partitions_go_to_the_other_folders_from_the_start_and_when_it_changes()
    {
        await using var broker = await TestBroker.StartAsync(settings: new() { ["log.dirs"] = "/a,/b", ["cordoned.log.dirs"] = "/b" });
        using var client = await broker.ConnectAsync();
        await MovingClient.CreateAsync(client, "t", partitions: 3);
        await AssertInAsync(client, "t", "/a", "/a", "/a");
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, await MovingClient.AlterAsync(client, "t", 0, "/b"));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, await MovingClient.AlterAsync(client, "nothing", 0, "/b"));

        await CordonAsync(client, "/a");
        Assert.Equal([true, false], await CordonedAsync(client));
        await client.CreateAsync("by-itself");
        await AssertInAsync(client, "by-itself", "/b");
        Assert.Equal(ErrorCode.None, await AddAsync(client, "t", 5));
        await AssertInAsync(client, "t", "/a", "/a", "/a", "/b", "/b");
        // Out of one, but not even to where it is.
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, await MovingClient.AlterAsync(client, "t", 0, "/a"));
        Assert.Equal(ErrorCode.None, await MovingClient.AlterAsync(client, "t", 0, "/b"));
        await MovingClient.UntilInAsync(client, "t", 0, "/b");
    }

    [Fact]
    public async Task Where_all_are_cordoned_nothing_is_made_but_what_is_assigned()
    {
        await using var broker = await TestBroker.StartAsync(settings: MovingClient.Folders());
        using var client = await broker.ConnectAsync();
        await MovingClient.CreateAsync(client, "t");
        await CordonAsync(client, "*");
        Assert.Equal([true, true], await CordonedAsync(client));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, await CreateAsync(client, "u", null));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, await AddAsync(client, "t", 2));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, await MovingClient.AlterAsync(client, "t", 0, "/b"));
        var described = await client.AskAsync<MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest { Topics = [new MetadataRequest.Topic { Name = "by-itself" }], AllowAutoTopicCreation = true });
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, described.Topics[0].ErrorCode);
        Assert.Equal(ErrorCode.None, await CreateAsync(client, "assigned", 1));
        Assert.Equal(ErrorCode.None, await AddAsync(client, "t", 2, 1));
        Assert.Equal(ErrorCode.None, await MovingClient.ProduceAsync(client, "t", "v", partition: 1));
        await CordonAsync(client, "");
        Assert.Equal(ErrorCode.None, await CreateAsync(client, "u", null));
        Assert.Equal(ErrorCode.None, await AddAsync(client, "t", 3));
    }

    [Fact]
    public async Task A_wanted_folder_comes_before_a_cordon()
    {
        await using var broker = await TestBroker.StartAsync(settings: MovingClient.Folders());
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await MovingClient.AlterAsync(client, "t", 0, "/b"));
        await CordonAsync(client, "/b");
        await MovingClient.CreateAsync(client, "t", partitions: 2);
        await AssertInAsync(client, "t", "/b", "/a");
    }

    private static async Task AssertInAsync(Conversation client, string topic, params string[] folders)
    {
        for (var partition = 0; partition < folders.Length; partition++)
            Assert.Equal([(folders[partition], 0, false)], await MovingClient.WhereAsync(client, topic, partition));
    }

    private static async Task CordonAsync(Conversation client, string value)
    {
        var altered = await client.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new IncrementalAlterConfigsRequest.Resource
                {
                    ResourceType = Broker, ResourceName = "1", Configs = [new IncrementalAlterConfigsRequest.Config { Name = "cordoned.log.dirs", Value = value }],
                },
            ],
        });
        Assert.Equal((ErrorCode.None, null), (altered.Responses[0].ErrorCode, altered.Responses[0].ErrorMessage));
    }

    private static async Task<List<bool>> CordonedAsync(Conversation client) =>
        (await client.AskAsync<DescribeLogDirsResponse>(ApiKey.DescribeLogDirs, 5, new DescribeLogDirsRequest { Topics = null })).Results.Select(static folder => folder.IsCordoned).ToList();

    private static async Task<ErrorCode> CreateAsync(Conversation client, string topic, int? node)
    {
        var wanted = new CreateTopicsRequest.Topic { Name = topic, NumPartitions = node is null ? 1 : -1, ReplicationFactor = -1 };
        if (node is { } assigned) wanted.Assignments = [new CreateTopicsRequest.Assignment { PartitionIndex = 0, BrokerIds = [assigned] }];
        return (await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest { Topics = [wanted], TimeoutMs = 10_000 })).Topics[0].ErrorCode;
    }

    private static async Task<ErrorCode> AddAsync(Conversation client, string topic, int count, int? node = null)
    {
        var wanted = new CreatePartitionsRequest.Topic { Name = topic, Count = count, Assignments = null };
        if (node is { } assigned) wanted.Assignments = [new CreatePartitionsRequest.Assignment { BrokerIds = [assigned] }];
        return (await client.AskAsync<CreatePartitionsResponse>(ApiKey.CreatePartitions, 3, new CreatePartitionsRequest { Topics = [wanted], TimeoutMs = 10_000 })).Results[0].ErrorCode;
    }
}
