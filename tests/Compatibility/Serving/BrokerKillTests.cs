using Moldau.Compatibility.Wire;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Compatibility.Serving;

/// <summary>The broker's process killed under load: what it acknowledged is there, once, and in order.</summary>
public sealed class BrokerKillTests(ITestOutputHelper output) : IDisposable
{
    private const string Topic = "counted";
    private const int Partitions = 4;
    private const int MostMilliseconds = 400;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-kill-").FullName;

    private static int Rounds => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1" ? 200 : 4;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_doubled_or_reordered_by_kills()
    {
        var chance = TestSeed.For(nameof(Nothing_acknowledged_is_lost_doubled_or_reordered_by_kills));
        var producers = Enumerable.Range(0, Partitions).Select(partition => new CountingProducer(Topic, partition)).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            using var broker = await BrokerProcess.StartAsync(_folder);
            if (round == 0) await CreateAsync(broker);
            else await CheckAsync(broker, producers, round);
            var before = producers.Sum(producer => producer.Acknowledged);
            var running = producers.Select(producer => producer.RunAsync(broker.Address, new Random(chance.Next()))).ToList();
            await FirstAcknowledgementAsync(producers, before, Task.WhenAny(running));
            await Task.Delay(chance.Next(1, MostMilliseconds), TestContext.Current.CancellationToken);
            broker.Kill();
            await Task.WhenAll(running);
        }

        using (var last = await BrokerProcess.StartAsync(_folder)) await CheckAsync(last, producers, Rounds);
        output.WriteLine($"{TestSeed.Text}: {Rounds} kills, {producers.Sum(producer => producer.Acknowledged)} records acknowledged");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task CreateAsync(BrokerProcess broker)
    {
        using var client = await WireClient.ConnectAsync(broker.Address.Address.ToString(), broker.Address.Port);
        var created = await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            Topics = [new CreateTopicsRequest.Topic { Name = Topic, NumPartitions = Partitions, ReplicationFactor = -1, Configs = [new CreateTopicsRequest.Config { Name = "segment.bytes", Value = "1048576" }] }],
        });
        Assert.Equal(ErrorCode.None, created.Topics[0].ErrorCode);
    }

    /// <summary>A producer that ends before the broker is killed has failed, and says how.</summary>
    private static async Task FirstAcknowledgementAsync(List<CountingProducer> producers, int before, Task<Task> firstEnd)
    {
        using var patience = new CancellationTokenSource(Deadline);
        while (producers.Sum(producer => producer.Acknowledged) == before)
        {
            if (firstEnd.IsCompleted)
            {
                await await firstEnd;
                Assert.Fail($"{TestSeed.Text}: a producer ended while the broker ran");
            }

            Assert.False(patience.IsCancellationRequested, $"{TestSeed.Text}: waited {Deadline.TotalSeconds} s for the first acknowledgement behind {before} records");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private static async Task CheckAsync(BrokerProcess broker, List<CountingProducer> producers, int round)
    {
        using var client = await WireClient.ConnectAsync(broker.Address.Address.ToString(), broker.Address.Port);
        foreach (var producer in producers)
        {
            var count = await CountAsync(client, producer.Partition, $"{TestSeed.Text}, round {round}, {Topic}-{producer.Partition}");
            Assert.True(count >= producer.Acknowledged, $"{TestSeed.Text}, round {round}, {Topic}-{producer.Partition}: {producer.Acknowledged} acknowledged, {count} there");
        }
    }

    /// <summary>How many records there are; each must hold its own offset.</summary>
    private static async Task<int> CountAsync(WireClient client, int partition, string where)
    {
        var next = 0;
        while (true)
        {
            var fetched = (await client.AskAsync<FetchResponse>(ApiKey.Fetch, 12, new FetchRequest
            {
                MaxBytes = 1 << 20,
                Topics = [new FetchRequest.FetchTopic { Topic = Topic, Partitions = [new FetchRequest.FetchPartition { Partition = partition, FetchOffset = next, PartitionMaxBytes = 1 << 20 }] }],
            })).Responses[0].Partitions[0];
            Assert.Equal(ErrorCode.None, fetched.ErrorCode);
            if (fetched.Records.Length == 0) return next;
            next = Read(fetched.Records, next, where);
        }
    }

    private static int Read(RecordData fetched, int next, string where)
    {
        using var scratch = new PooledBuffer();
        var batches = new BatchReader(fetched.Bytes.Span);
        while (batches.MoveNext())
        {
            var batch = batches.Current;
            batch.EnsureChecksum();
            var records = batch.GetRecords(scratch);
            while (records.MoveNext())
            {
                var offset = batch.BaseOffset + records.OffsetDelta;
                if (offset < next) continue;
                Assert.True(offset == next && BitConverter.ToInt32(records.Value.Span) == next, $"{where}: record {BitConverter.ToInt32(records.Value.Span)} at offset {offset}, where {next} is expected");
                next++;
            }
        }

        return next;
    }
}
