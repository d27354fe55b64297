using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Compression;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Compatibility.Client;

/// <summary>Our consumer reads the same from our broker and from Kafka's: every codec, every place to begin, seeks, pauses and what was deleted.</summary>
public class ConsumerOnBothBrokersTests
{
    private const int Deadline = 300_000;
    private const int Records = 3000;
    private const string Topic = "read";

    private static readonly TopicPartition First = new(Topic, 0);

    [Fact(Timeout = Deadline)]
    public async Task What_is_read_is_the_same()
    {
        KafkaJars.Require();
        await using var kafka = await KafkaBroker.StartAsync(KafkaJars.Script);
        await using var moldau = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = new MemoryFileSystem(keepsHistory: false),
            Clock = TimeProvider.System,
            Chance = new Random(7),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string> { ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["node.id"] = "1" },
        });

        var theirs = await TellAsync(kafka.Port);
        var ours = await TellAsync(moldau.Addresses[0].Port);

        Assert.Equal(theirs, ours);
        Assert.Contains($"codecs: {Records} {Records}, last k{Records - 1}=v{Records - 1} x{Records - 1} Create epoch True", theirs);
        Assert.Contains(theirs, static line => line.StartsWith("reset None: read-0: there is no offset 5", StringComparison.Ordinal));
        Assert.Contains("reset: 2400 from k600", theirs);
    }

    private static async Task<List<string>> TellAsync(int port)
    {
        await using var client = new KafkaClient(new KafkaClientOptions { Bootstrap = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") });
        (await client.Topics.CreateAsync([new NewTopic(Topic) { Partitions = 2 }], cancellation: TestContext.Current.CancellationToken))[0].Get();
        for (var i = 0; i < 5; i++) await WriteAsync(client, (CompressionType)i, i * Records / 5);
        List<string> told = [await WholeAsync(client)];
        (string Name, StartPosition Start)[] starts =
        [
            ("beginning", StartPosition.Beginning), ("end", StartPosition.End), ("tail", StartPosition.Tail(7)), ("offset", StartPosition.Offset(1234)),
            ("time", StartPosition.Time(DateTimeOffset.FromUnixTimeMilliseconds(2500))), ("later", StartPosition.Time(DateTimeOffset.UnixEpoch.AddYears(90))),
        ];
        foreach (var (name, start) in starts)
        {
            var values = await ReadAsync(client, new ConsumerOptions { StopAtEnd = true }, start);
            told.Add($"{name}: {values.Count} from {values.FirstOrDefault()} to {values.LastOrDefault()}");
        }

        told.Add($"small steps: {(await ReadAsync(client, new ConsumerOptions { StopAtEnd = true, PartitionBytes = 100, MaxBytes = 100, PrefetchBytes = 1000 }, StartPosition.Beginning)).Count}");
        told.Add($"seeks: {await SeekingAsync(client)}");
        await client.Topics.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [First] = 600 }, TestContext.Current.CancellationToken);
        OffsetReset[] resets = [OffsetReset.Earliest, OffsetReset.Latest, OffsetReset.ByDuration(TimeSpan.FromDays(1)), OffsetReset.None];
        foreach (var reset in resets)
        {
            try
            {
                var values = await ReadAsync(client, new ConsumerOptions { StopAtEnd = true, Reset = reset }, StartPosition.Offset(5));
                told.Add($"reset: {values.Count} from {values.FirstOrDefault()}");
            }
            catch (OffsetOutOfRangeException gone)
            {
                told.Add($"reset None: {gone.Message}");
            }
        }

        return told;
    }

    private static async Task WriteAsync(KafkaClient client, CompressionType codec, int from)
    {
        await using var writer = client.CreateProducer(new ProducerOptions { Compression = codec, BatchBytes = 4096 });
        for (var i = from; i < from + (Records / 5); i++)
        {
            for (var partition = 0; partition < 2; partition++)
            {
                await writer.EnqueueAsync(Topic, new OutgoingRecord
                {
                    Partition = partition, Key = Bytes($"k{i}"), Value = i % 100 == 7 ? null : Bytes($"v{i}"), Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(i + 1), Headers = [new("h", Bytes($"x{i}")), new("none", (byte[]?)null)],
                });
            }
        }

        Assert.Empty((await writer.FlushAsync()).Lost);
    }

    private static async Task<string> WholeAsync(KafkaClient client)
    {
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = [Topic], StopAtEnd = true });
        var (counts, last) = (new int[2], "");
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            var i = counts[record.Partition]++;
            Assert.Equal((i, $"k{i}", i % 100 == 7 ? null : $"v{i}", i % 100 == 7, i + 1L), ((int)record.Offset, record.Key, record.Value, record.IsTombstone, record.TimestampMs));
            Assert.True(record.Headers.TryGet("h", out var header) && record.Headers.TryGet("none", out var none) && none is null);
            last = $"{record.Key}={record.Value} {Encoding.UTF8.GetString(header!.Value.Span)} {record.TimestampType} epoch {record.LeaderEpoch >= 0}";
        }

        return $"codecs: {counts[0]} {counts[1]}, last {last}";
    }

    private static async Task<List<string>> ReadAsync(KafkaClient client, ConsumerOptions options, StartPosition start)
    {
        await using var consumer = client.CreateConsumer<string, string>(options);
        await consumer.AssignAsync(new Dictionary<TopicPartition, StartPosition> { [First] = start });
        var keys = new List<string>();
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken)) keys.Add(record.Key!);
        return keys;
    }

    /// <summary>To and fro, following: nothing of an old place may come, and what is paused does not.</summary>
    private static async Task<string> SeekingAsync(KafkaClient client)
    {
        var other = new TopicPartition(Topic, 1);
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = [Topic], Start = StartPosition.Beginning, LongestWait = TimeSpan.FromMilliseconds(20) });
        var (expected, chance, seen) = (new long[2], new Random(3), 0);
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(expected[record.Partition], record.Offset);
            expected[record.Partition] = record.Offset + 1;
            if (++seen == 4000) break;
            if (seen == 1000) consumer.Pause(other);
            if (seen is > 1000 and < 2000) Assert.Equal(0, record.Partition);
            if (seen == 2000) consumer.Resume(other);
            if (record.Offset < Records - 1 && chance.Next(60) != 0) continue;
            expected[record.Partition] = chance.Next(Records - 1);
            await consumer.SeekAsync(record.Where, StartPosition.Offset(expected[record.Partition]));
        }

        return $"{seen}";
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
