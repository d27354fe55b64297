using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Broker.Serving;

/// <summary>What an answer promises, on a disk that is slow, full, failing or gone.</summary>
public class DurabilityTests
{
    [Fact]
    public async Task Acks_all_waits_for_the_disk_acks_1_does_not_and_consumers_see_neither_before()
    {
        using var gate = new ManualResetEventSlim(true);
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using var broker = await TestBroker.StartAsync(disk: disk);
        using var producer = await broker.ConnectAsync();
        using var consumer = await broker.ConnectAsync();
        await producer.CreateAsync("t");
        disk.Fault = (operation, path) =>
        {
            if (operation is DiskOperation.Flush or DiskOperation.FlushDisk && path.EndsWith(".log", StringComparison.Ordinal)) gate.Wait(TimeSpan.FromSeconds(30));
            return null;
        };
        gate.Reset();
        await producer.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a"), acks: -1));
        var partition = broker.Server.Topics.Find("t")!.Find(0)!;
        await ConnectionTests.UntilAsync(() => partition.Log!.EndOffset == 1, "the append, which is not to wait for the disk");
        Assert.Equal(0, partition.HighWatermark);
        gate.Set();
        Assert.Equal(0, (await producer.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9)).Responses[0].PartitionResponses[0].BaseOffset);
        Assert.Equal(1, partition.HighWatermark);
        Assert.Equal(["a"], await ConnectionTests.ValuesAsync(consumer, "t"));
    }

    [Fact]
    public async Task A_flush_that_fails_is_told_to_everybody_who_waits_and_the_partition_takes_no_more()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using var broker = await TestBroker.StartAsync(disk: disk);
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        Assert.Equal(ErrorCode.None, await ProduceAsync(client, "t", -1));
        disk.Fault = static (operation, path) => operation is DiskOperation.Flush or DiskOperation.FlushDisk && path.EndsWith(".log", StringComparison.Ordinal) ? DiskFault.Failed : null;
        Assert.Equal(ErrorCode.KafkaStorageError, await ProduceAsync(client, "t", -1));
        disk.Fault = null;
        Assert.Equal(ErrorCode.KafkaStorageError, await ProduceAsync(client, "t", -1));
        // What was durable before can be read; what may be lost is not shown.
        Assert.Equal(["v"], await ConnectionTests.ValuesAsync(client, "t"));
    }

    [Fact]
    public async Task A_full_disk_refuses_the_append_alone_and_takes_the_next_when_there_is_room()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using var broker = await TestBroker.StartAsync(disk: disk);
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        Assert.Equal(ErrorCode.None, await ProduceAsync(client, "t", -1));
        disk.Fault = static (operation, path) => operation == DiskOperation.Write && path.EndsWith(".log", StringComparison.Ordinal) ? DiskFault.Full : null;
        Assert.Equal(ErrorCode.KafkaStorageError, await ProduceAsync(client, "t", -1));
        Assert.Equal(["v"], await ConnectionTests.ValuesAsync(client, "t"));
        disk.Fault = null;
        Assert.Equal(ErrorCode.None, await ProduceAsync(client, "t", -1));
        Assert.Equal(["v", "v"], await ConnectionTests.ValuesAsync(client, "t"));
    }

    /// <summary>The power goes at any operation of the disk; whatever was acknowledged is there afterwards, and epochs have grown.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Nothing_acknowledged_is_lost_when_the_power_goes(int seed)
    {
        var chance = new Random(seed);
        for (var round = 0; round < 10; round++)
        {
            var disk = new MemoryFileSystem();
            var acknowledged = 0;
            await using (var broker = await TestBroker.StartAsync(disk: disk))
            {
                using var client = await broker.ConnectAsync();
                await client.CreateAsync("t");
                disk.StopsAfter = disk.Operations + chance.Next(1, 60);
                while (await ProduceAsync(client, "t", -1, $"{acknowledged}") == ErrorCode.None) acknowledged++;
            }

            await using var again = await TestBroker.StartAsync(disk: disk.AfterCrash(chance));
            using var reader = await again.ConnectAsync();
            var values = await ConnectionTests.ValuesAsync(reader, "t");
            Assert.True(values.Count >= acknowledged, $"seed {seed}, round {round}: {acknowledged} acknowledged, {values.Count} there");
            Assert.Equal(Enumerable.Range(0, values.Count).Select(i => $"{i}"), values);
            Assert.True(again.Server.Topics.Find("t")!.Find(0)!.LeaderEpoch > 0);
        }
    }

    private static async Task<ErrorCode> ProduceAsync(Conversation client, string topic, short acks, string value = "v") =>
        (await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce(topic, Conversation.Batch(value), acks))).Responses[0].PartitionResponses[0].ErrorCode;
}
