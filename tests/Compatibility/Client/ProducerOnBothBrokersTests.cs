using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Producing;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Compression;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Compatibility.Client;

/// <summary>Our producer with Kafka's broker and with ours: all codecs, connections that are cut, transactions of both kinds.</summary>
public class ProducerOnBothBrokersTests
{
    private const int Partitions = 3;
    private const int Records = 3_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task With_ours()
    {
        await using var moldau = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = new MemoryFileSystem(keepsHistory: false),
            Clock = TimeProvider.System,
            Chance = new Random(7),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string> { ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["node.id"] = "1" },
        });
        await AllAsync(moldau.Addresses[0].Port);
    }

    [Fact(Timeout = 600_000)]
    public async Task With_Kafkas()
    {
        KafkaJars.Require();
        await using var kafka = await KafkaBroker.StartAsync(KafkaJars.Script);
        await AllAsync(kafka.Port);
        await LowerTransactionsAsync(kafka.Port);
        await TransactionsAsync(kafka.Port, "by-hand");
        await FencingAsync(kafka.Port, "by-hand-fenced");
    }

    private static async Task AllAsync(int port)
    {
        foreach (var codec in Enum.GetValues<CompressionType>()) await CodecAsync(port, codec);
        for (var seed = 1; seed <= 3; seed++) await CutsAsync(port, seed);
        await TransactionsAsync(port, "by-itself");
        await FencingAsync(port, "by-itself-fenced");
    }

    private static async Task CodecAsync(int port, CompressionType codec)
    {
        await using var client = await ClientAsync(port, $"codec-{codec}");
        await using var producer = client.CreateProducer<string, string>($"codec-{codec}", new ProducerOptions<string, string> { Compression = codec });
        for (var i = 0; i < Records; i++) await producer.EnqueueAsync($"k{i % 50}", Text(i), Token);
        var summary = await producer.FlushAsync(Token);

        Assert.Empty(summary.Lost);
        Assert.Equal(Records, summary.Delivered);
        Assert.Equal(Numbers(Records), (await ReadAsync(client, $"codec-{codec}")).SelectMany(static part => part).Order(StringComparer.Ordinal));
    }

    /// <summary>Connections end in the middle of what is written and of what is read; nothing is lost, doubled or out of order.</summary>
    private static async Task CutsAsync(int port, int seed)
    {
        var topic = $"cuts-{seed}";
        await using (var admin = await ClientAsync(port, topic))
        {
        }

        var (chance, gate) = (new Random(seed), new Lock());
        await using var client = new KafkaClient(Options(port) with
        {
            FirstBackOff = TimeSpan.FromMilliseconds(5),
            LongestBackOff = TimeSpan.FromMilliseconds(50),
            Dial = async (host, target, cancellation) =>
            {
                var socket = new TcpClient { NoDelay = true };
                await socket.ConnectAsync(host, target, cancellation);
                lock (gate) return new CutStream(socket.GetStream(), chance.Next(200, 60_000), chance.Next(100, 3_000));
            },
        });
        await using var producer = client.CreateProducer(new ProducerOptions { BatchBytes = 2_000, Linger = TimeSpan.Zero });
        for (var i = 0; i < Records; i++)
        {
            for (var partition = 0; partition < Partitions; partition++)
                await producer.EnqueueAsync(topic, new OutgoingRecord { Value = Encoding.UTF8.GetBytes(Text(i)), Partition = partition }, Token);
        }

        var summary = await producer.FlushAsync(Token);
        Assert.Empty(summary.Lost);
        await using var reading = new KafkaClient(Options(port));
        foreach (var part in await ReadAsync(reading, topic)) Assert.Equal(Numbers(Records), part);
    }

    private static async Task TransactionsAsync(int port, string topic)
    {
        await using var client = await ClientAsync(port, topic);
        await using var producer = client.CreateProducer<string, string>(topic, new ProducerOptions<string, string> { TransactionalId = topic });
        for (var round = 0; round < 5; round++)
        {
            await using (var kept = await producer.BeginAsync(Token))
            {
                for (var i = 0; i < 20; i++) await producer.EnqueueAsync($"{i}", "kept", Token);
                await kept.SendOffsetsAsync(new GroupIdentity($"g-{topic}", "", -1, null), new Dictionary<TopicPartition, OffsetPosition> { [new(topic, 0)] = new(round + 1) }, Token);
                await kept.CommitAsync(Token);
            }

            await using var left = await producer.BeginAsync(Token);
            for (var i = 0; i < 20; i++) await producer.EnqueueAsync($"{i}", "left", Token);
            if (round % 2 == 0) await producer.FlushAsync(Token);
        }

        var values = await CommittedAsync(client, topic, 100);
        Assert.Equal(100, values.Count);
        Assert.All(values, static value => Assert.Equal("kept", value));
        Assert.Equal(5, (await client.Groups.OffsetsAsync($"g-{topic}", Token)).Single().Value.Get().Offset);
    }

    private static async Task FencingAsync(int port, string topic)
    {
        await using var client = await ClientAsync(port, topic);
        await using var first = client.CreateProducer<string, string>(topic, new ProducerOptions<string, string> { TransactionalId = topic });
        await using var second = client.CreateProducer<string, string>(topic, new ProducerOptions<string, string> { TransactionalId = topic });
        await using var old = await first.BeginAsync(Token);
        await first.SendAsync("k", "old", Token);
        await using var young = await second.BeginAsync(Token);
        await second.SendAsync("k", "young", Token);

        await Assert.ThrowsAsync<ProducerFencedException>(() => old.CommitAsync(Token));
        await young.CommitAsync(Token);
        Assert.Equal(["young"], await CommittedAsync(client, topic, 1));
    }

    /// <summary>As a cluster was before it was upgraded: producers add partitions by themselves.</summary>
    private static async Task LowerTransactionsAsync(int port)
    {
        var start = new ProcessStartInfo(KafkaJars.Script) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["features", "--bootstrap-server", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "downgrade", "--feature", "transaction.version=1"]) start.ArgumentList.Add(argument);
        using var tool = Process.Start(start)!;
        var told = await tool.StandardOutput.ReadToEndAsync(Token) + await tool.StandardError.ReadToEndAsync(Token);
        await tool.WaitForExitAsync(Token);
        Assert.True(tool.ExitCode == 0, told);
    }

    private static KafkaClientOptions Options(int port) => new() { Bootstrap = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") };

    private static async Task<KafkaClient> ClientAsync(int port, string topic)
    {
        var client = new KafkaClient(Options(port));
        Assert.All(await client.Topics.CreateAsync([new NewTopic(topic) { Partitions = Partitions }], cancellation: Token), static created => Assert.Null(created.Error));
        return client;
    }

    /// <summary>A broker may tell of a commit before its markers are written: so many are waited for.</summary>
    private static async Task<List<string>> CommittedAsync(KafkaClient client, string topic, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            List<string> values = [.. (await ReadAsync(client, topic)).SelectMany(static part => part)];
            if (values.Count >= count) return values;
            await Task.Delay(10, patience.Token);
        }
    }

    private static async Task<List<string>[]> ReadAsync(KafkaClient client, string topic)
    {
        var values = new List<string>[Partitions];
        for (var i = 0; i < values.Length; i++) values[i] = [];
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = [topic], StopAtEnd = true });
        await foreach (var record in consumer.ReadAllAsync(Token)) values[record.Partition].Add(record.Value!);

        return values;
    }

    private static string Text(int number) => number.ToString("D6", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Numbers(int count) => Enumerable.Range(0, count).Select(Text);
}
