using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Broker.Serving;

/// <summary>Several data folders, of which one fails: its partitions are offline, and the others are served as ever.</summary>
public class FailingFolderTests
{
    private const int Partitions = 4;

    private static readonly Dictionary<string, string> s_folders = new() { ["log.dirs"] = "/a,/b" };

    [Fact]
    public async Task A_folder_that_fails_takes_its_partitions_offline_and_no_others()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: s_folders))
        {
            using var client = await broker.ConnectAsync();
            await CreateAsync(client, "t");
            await ProduceToAllAsync(client, "t", static _ => ErrorCode.None);
            Fail(disk, "/b");
            await ProduceToAllAsync(client, "t", InA);
            await UntilOfflineAsync(broker, "t");
            await ProduceToAllAsync(client, "t", InA);

            await AssertLeadersAsync(client, "t", InA);
            for (var partition = 0; partition < Partitions; partition++)
                Assert.Equal(partition % 2 == 0 ? (ErrorCode.None, 3) : (ErrorCode.KafkaStorageError, 0), await CountAsync(client, "t", partition));
            var folders = (await client.AskAsync<DescribeLogDirsResponse>(ApiKey.DescribeLogDirs, 4, new DescribeLogDirsRequest { Topics = null })).Results;
            Assert.Equal([(ErrorCode.None, 2), (ErrorCode.KafkaStorageError, 0)], folders.Select(static folder => (folder.ErrorCode, folder.Topics.Sum(static topic => topic.Partitions.Count))));
            Assert.Equal(-1, folders[1].UsableBytes);

            await CreateAsync(client, "u");
            await ProduceToAllAsync(client, "u", static _ => ErrorCode.None);
            Assert.False(broker.Server.Failure.IsCompleted);
            // It may be well again: nobody knows what it has lost meanwhile, and it stays offline until a start has looked.
            disk.Fault = null;
            await ProduceToAllAsync(client, "t", InA);
        }

        await using (var again = await TestBroker.StartAsync(disk: disk, settings: s_folders))
        {
            using var client = await again.ConnectAsync();
            await ProduceToAllAsync(client, "t", static _ => ErrorCode.None);
            for (var partition = 0; partition < Partitions; partition++)
            {
                var (error, count) = await CountAsync(client, "t", partition);
                Assert.Equal(ErrorCode.None, error);
                Assert.True(count >= 2, $"t-{partition}: {count}");
                Assert.Equal((ErrorCode.None, 1), await CountAsync(client, "u", partition));
            }
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_be_opened_is_offline_and_what_it_has_is_not_made_anew()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: s_folders))
        {
            using var client = await broker.ConnectAsync();
            await CreateAsync(client, "t");
            await ProduceToAllAsync(client, "t", static _ => ErrorCode.None);
        }

        disk.Rename("/b", "/away");
        using (disk.Open("/b", OpenMode.New))
        {
        }

        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: s_folders))
        {
            using var client = await broker.ConnectAsync();
            await AssertLeadersAsync(client, "t", InA);
            await ProduceToAllAsync(client, "t", InA);
            await CreateAsync(client, "u");
            await ProduceToAllAsync(client, "u", static _ => ErrorCode.None);
        }

        disk.DeleteFile("/b");
        disk.Rename("/away", "/b");
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: s_folders))
        {
            using var client = await broker.ConnectAsync();
            for (var partition = 0; partition < Partitions; partition++)
            {
                Assert.Equal((ErrorCode.None, partition % 2 == 0 ? 2 : 1), await CountAsync(client, "t", partition));
                Assert.Equal((ErrorCode.None, 1), await CountAsync(client, "u", partition));
            }
        }
    }

    [Fact]
    public async Task What_is_gone_from_one_folder_is_not_made_anew_in_another()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: s_folders))
        {
            using var client = await broker.ConnectAsync();
            await CreateAsync(client, "t");
            await CreateAsync(client, "in-a", partitions: 1);
            await CreateAsync(client, "in-b", partitions: 1);
            // So that the other folder has no more than this one, and would be taken for a new partition.
            await client.AskAsync<DeleteTopicsResponse>(ApiKey.DeleteTopics, 5, new DeleteTopicsRequest { TopicNames = ["in-a"], TimeoutMs = 10_000 });
        }

        disk.Rename("/b/in-b-0", "/b/gone");
        await using var again = await TestBroker.StartAsync(disk: disk, settings: s_folders);
        using var reader = await again.ConnectAsync();
        await AssertLeadersAsync(reader, "t", static _ => ErrorCode.None);
        await AssertLeadersAsync(reader, "in-b", static _ => ErrorCode.LeaderNotAvailable);
    }

    [Fact]
    public async Task A_topic_made_while_a_folder_fails_is_made_in_the_others()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        var made = 0;
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: s_folders))
        {
            using var client = await broker.ConnectAsync();
            // The first partition's folder is made there, and then nothing goes any more.
            disk.Fault = (_, path) => path.StartsWith("/b/", StringComparison.Ordinal) && ++made > 3 ? DiskFault.Failed : null;
            await CreateAsync(client, "t");
            Assert.True(made > 3);
            await ProduceToAllAsync(client, "t", static _ => ErrorCode.None);
            disk.Fault = null;
        }

        Assert.Contains(disk.List("/b"), static entry => entry.IsFolder);
        await using var again = await TestBroker.StartAsync(disk: disk, settings: s_folders);
        using var reader = await again.ConnectAsync();
        for (var partition = 0; partition < Partitions; partition++) Assert.Equal((ErrorCode.None, 1), await CountAsync(reader, "t", partition));
    }

    [Fact]
    public async Task A_partition_that_two_folders_have_is_offline_until_one_is_moved_away()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: s_folders))
        {
            using var client = await broker.ConnectAsync();
            await CreateAsync(client, "t");
            await ProduceToAllAsync(client, "t", static _ => ErrorCode.None);
        }

        // Whatever the points would say of it, they cannot be read any more.
        disk.CreateFolder("/b/t-0");
        disk.DeleteFile("/b/recovery-point-offset-checkpoint");
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: s_folders))
        {
            using var client = await broker.ConnectAsync();
            await AssertLeadersAsync(client, "t", static partition => partition == 0 ? ErrorCode.LeaderNotAvailable : ErrorCode.None);
        }
    }

    [Fact]
    public async Task The_first_folders_failure_is_the_brokers()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: s_folders))
        {
            using var client = await broker.ConnectAsync();
            await CreateAsync(client, "t");
            Fail(disk, "/a");
            await ProduceToAllAsync(client, "t", static partition => partition % 2 == 0 ? ErrorCode.KafkaStorageError : ErrorCode.None);
            Assert.Contains("/a, which has the metadata, has failed", await broker.Server.Failure.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<DiskException>(() => TestBroker.StartAsync(disk: disk, settings: s_folders));
    }

    [Fact]
    public async Task A_full_disk_is_no_failure()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using var broker = await TestBroker.StartAsync(disk: disk, settings: s_folders);
        using var client = await broker.ConnectAsync();
        await CreateAsync(client, "t");
        disk.Fault = static (operation, _) => operation == DiskOperation.Write ? DiskFault.Full : null;
        await ProduceToAllAsync(client, "t", static _ => ErrorCode.KafkaStorageError);
        disk.Fault = null;
        await ProduceToAllAsync(client, "t", static _ => ErrorCode.None);
        Assert.False(broker.Server.Failure.IsCompleted);
    }

    private static ErrorCode InA(int partition) => partition % 2 == 0 ? ErrorCode.None : ErrorCode.KafkaStorageError;

    private static void Fail(MemoryFileSystem disk, string folder) =>
        disk.Fault = (_, path) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal) ? DiskFault.Failed : null;

    private static Task UntilOfflineAsync(TestBroker broker, string topic) =>
        ConnectionTests.UntilAsync(() => broker.Server.Topics.Find(topic)!.Partitions.Count(static partition => partition.Log is null) == Partitions / 2, "the partitions of the folder that failed to go offline");

    private static async Task CreateAsync(Conversation client, string topic, int partitions = Partitions)
    {
        var created = await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest { Topics = [new CreateTopicsRequest.Topic { Name = topic, NumPartitions = partitions, ReplicationFactor = -1 }], TimeoutMs = 10_000 });
        Assert.Equal(ErrorCode.None, created.Topics[0].ErrorCode);
    }

    private static async Task ProduceToAllAsync(Conversation client, string topic, Func<int, ErrorCode> expected)
    {
        for (var partition = 0; partition < Partitions; partition++)
        {
            var answer = await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce(topic, Conversation.Batch("v"), partition: partition));
            Assert.Equal((partition, expected(partition)), (partition, answer.Responses[0].PartitionResponses[0].ErrorCode));
        }
    }

    private static async Task AssertLeadersAsync(Conversation client, string topic, Func<int, ErrorCode> expected)
    {
        var described = (await client.AskAsync<MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest { Topics = [new MetadataRequest.Topic { Name = topic }] })).Topics[0];
        foreach (var partition in described.Partitions)
        {
            var isOffline = expected(partition.PartitionIndex) != ErrorCode.None;
            Assert.Equal((partition.PartitionIndex, isOffline ? ErrorCode.LeaderNotAvailable : ErrorCode.None, isOffline ? -1 : 1), (partition.PartitionIndex, partition.ErrorCode, partition.LeaderId));
            Assert.Equal(isOffline ? [1] : [], partition.OfflineReplicas);
        }
    }

    private static async Task<(ErrorCode Error, long Count)> CountAsync(Conversation client, string topic, int partition)
    {
        var listed = (await client.AskAsync<ListOffsetsResponse>(ApiKey.ListOffsets, 7, new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new ListOffsetsRequest.Topic { Name = topic, Partitions = [new ListOffsetsRequest.Partition { PartitionIndex = partition, CurrentLeaderEpoch = -1, Timestamp = -1 }] }],
        })).Topics[0].Partitions[0];
        return (listed.ErrorCode, Math.Max(0, listed.Offset));
    }
}
