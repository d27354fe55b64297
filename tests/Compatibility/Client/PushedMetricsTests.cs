using Moldau.Broker.Telemetry;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Compatibility.Clients;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;
using Xunit;

namespace Moldau.Compatibility.Client;

/// <summary>Our client pushes its metrics (KIP-714) to our broker and to Kafka's, which understand them; and is quiet where nobody takes them.</summary>
public sealed class PushedMetricsTests(OurBroker moldau) : IClassFixture<OurBroker>
{
    private const int Deadline = 300_000;
    private const string ClientId = "pushing-moldau";

    private static readonly string[] Standard =
    [
        "consumer.connection.creation.rate", "consumer.connection.creation.total", "consumer.coordinator.assigned.partitions", "consumer.coordinator.commit.latency.avg",
        "consumer.coordinator.commit.latency.max", "consumer.coordinator.rebalance.latency.avg", "consumer.coordinator.rebalance.latency.max",
        "consumer.coordinator.rebalance.latency.total", "consumer.fetch.manager.fetch.latency.avg", "consumer.fetch.manager.fetch.latency.max",
        "consumer.last.poll.seconds.ago", "consumer.node.request.latency.avg", "consumer.node.request.latency.max", "consumer.poll.idle.ratio.avg",
        "producer.connection.creation.rate", "producer.connection.creation.total", "producer.node.request.latency.avg", "producer.node.request.latency.max",
        "producer.produce.throttle.time.avg", "producer.produce.throttle.time.max", "producer.record.queue.time.avg", "producer.record.queue.time.max",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = Deadline)]
    public async Task Our_broker_takes_what_it_asks_for()
    {
        var seen = new HashSet<string>();
        var id = await PushAsync(moldau.Address, () =>
        {
            var pushed = moldau.Server.Telemetry.Snapshot().FirstOrDefault(static one => one.Client.ClientId == ClientId);
            foreach (var value in pushed?.Values ?? []) seen.Add(Short(value.Name));
            return seen.Count == Standard.Length;
        });

        Assert.Equal(Standard, seen.Order(StringComparer.Ordinal));
        var last = Assert.Single(moldau.Server.Telemetry.Snapshot(), static one => one.Client.ClientId == ClientId);
        Assert.Equal(id, last.Client.InstanceId);
        Assert.Contains(last.Values, static value => value.Attributes.Contains(KeyValuePair.Create("group_id", "pushing")));
        Assert.Equal(0, moldau.Server.Telemetry.Refused);
    }

    [Fact(Timeout = Deadline)]
    public async Task Kafkas_broker_takes_what_it_asks_for()
    {
        KafkaJars.Require();
        var folder = Directory.CreateTempSubdirectory("moldau-pushed-");
        try
        {
            var file = Path.Combine(folder.FullName, "pushed");
            await using var kafka = await KafkaBroker.StartAsync(KafkaJars.Script, "metric.reporters=TelemetryReceiver", $"telemetry.receiver.file={file}");
            var id = await PushAsync($"127.0.0.1:{kafka.Port}", () => NamesIn(Lines(file)).Count == Standard.Length);

            var lines = Lines(file);
            Assert.Equal(Standard, NamesIn(lines));
            Assert.All(lines, line => Assert.StartsWith($"{id} {ClientId} ", line, StringComparison.Ordinal));
            Assert.All(lines, static line => Assert.Contains("group_id=pushing,", line, StringComparison.Ordinal));
            Assert.All(lines, static line => Assert.Contains("creation.total:AGGREGATION_TEMPORALITY_DELTA", line, StringComparison.Ordinal));
            // The last one says that it is.
            Assert.Equal([.. Enumerable.Repeat("false", lines.Length - 1), "true"], lines.Select(static line => line.Split(' ')[2]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Timeout = Deadline)]
    public async Task Kafkas_broker_without_a_receiver_is_not_asked()
    {
        LongRun.Require("it takes another start of Kafka's broker");
        KafkaJars.Require();
        await using var kafka = await KafkaBroker.StartAsync(KafkaJars.Script);
        await using var client = new KafkaClient(new KafkaClientOptions { Bootstrap = $"127.0.0.1:{kafka.Port}" });
        await SubscribeAsync(client);
        await using var producer = client.CreateProducer();
        await producer.SendAsync("pushed", new OutgoingRecord { Value = new byte[10] }, Token);
        var failure = await Assert.ThrowsAsync<KafkaException>(() => client.ClientInstanceIdAsync(Token));
        Assert.Equal(ErrorCode.UnsupportedVersion, failure.Code);
    }

    /// <summary>Produces and consumes until what was pushed is enough.</summary>
    private static async Task<Uuid> PushAsync(string address, Func<bool> isEnough)
    {
        await using var admin = new KafkaClient(new KafkaClientOptions { Bootstrap = address, PushesMetrics = false });
        await SubscribeAsync(admin);
        await using var client = new KafkaClient(new KafkaClientOptions { Bootstrap = address, ClientId = ClientId });
        await using var producer = client.CreateProducer();
        await using var consumer = client.CreateConsumer<byte[], byte[]>(new ConsumerOptions { GroupId = "pushing", Topics = ["pushed"], CommitInterval = TimeSpan.FromMilliseconds(100) });
        var id = await client.ClientInstanceIdAsync(Token);
        await producer.SendAsync("pushed", new OutgoingRecord { Value = new byte[10] }, Token);
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            if (isEnough()) break;
            await Task.Delay(20, Token);
            await producer.SendAsync("pushed", new OutgoingRecord { Value = new byte[10] }, Token);
        }

        return id;
    }

    private static async Task SubscribeAsync(KafkaClient client)
    {
        await client.Configs.AlterAsync(
            new ConfigResource(ConfigResourceType.ClientMetrics, "all"),
            [
                new ConfigChange("metrics", ConfigOperation.Set, "org.apache.kafka.producer.,org.apache.kafka.consumer."),
                new ConfigChange("interval.ms", ConfigOperation.Set, "500"),
            ],
            cancellation: Token);
        foreach (var outcome in await client.Topics.CreateAsync([new NewTopic("pushed")], cancellation: Token)) outcome.Get();
    }

    private static string[] Lines(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];

    private static List<string> NamesIn(IEnumerable<string> lines) =>
        [.. lines.SelectMany(static line => line.Split(' ')[4].Split(';')).Select(static name => Short(name.Split(':')[0])).Distinct().Order(StringComparer.Ordinal)];

    private static string Short(string name) => name["org.apache.kafka.".Length..];
}
