using System.Diagnostics;
using Moldau.Broker.Telemetry;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Client;
using Moldau.Client.Admin;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>The clients of others push their own metrics, and the broker understands them (KIP-714).</summary>
public sealed class ClientMetricsTests(OurBroker broker) : IClassFixture<OurBroker>
{
    private const string Opened = "org.apache.kafka.producer.connection.creation.total";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Librdkafka_pushes_what_a_subscription_asks_for()
    {
        await SubscribeAsync();
        await using var program = TalkingProgram.StartPython("librdkafka, which pushes its metrics", await Librdkafka.PythonAsync(Librdkafka.New), "metrics.py", broker.Address, "pushed");
        // It counts from its first subscription on, and is connected by then.
        await CheckAsync(program, "pushing-librdkafka", "confluent-kafka-python", leastOpened: 0);
    }

    [Fact]
    public async Task Kafkas_client_pushes_what_a_subscription_asks_for()
    {
        KafkaJars.Require();
        await SubscribeAsync();
        await using var program = await TalkingProgram.StartJavaAsync("Kafka's client, which pushes its metrics", "-Xmx256m", "EndsWithInput", "Pusher", broker.Address, "pushed");
        await CheckAsync(program, "pushing-java", "apache-kafka-java", leastOpened: 1);
    }

    private async Task SubscribeAsync()
    {
        await using var client = new KafkaClient(new KafkaClientOptions { Bootstrap = broker.Address });
        await client.Configs.AlterAsync(
            new ConfigResource(ConfigResourceType.ClientMetrics, "all"),
            [
                new ConfigChange("metrics", ConfigOperation.Set, "org.apache.kafka.producer."),
                new ConfigChange("interval.ms", ConfigOperation.Set, "500"),
                new ConfigChange("match", ConfigOperation.Set, "client_id=pushing-.*"),
            ]);
    }

    private async Task CheckAsync(TalkingProgram program, string clientId, string software, int leastOpened)
    {
        var pushed = await PushedAsync(program, clientId);
        Assert.Contains(software, pushed.Client.SoftwareName, StringComparison.Ordinal);
        Assert.All(pushed.Values, static value => Assert.StartsWith("org.apache.kafka.producer.", value.Name, StringComparison.Ordinal));
        var opened = Assert.Single(pushed.Values, static value => value.Name == Opened);
        Assert.Equal(TelemetryKind.Counter, opened.Kind);
        Assert.InRange(opened.Value, leastOpened, 20);
    }

    /// <summary>When it pushes is the client's affair.</summary>
    private async Task<TelemetrySnapshot> PushedAsync(TalkingProgram program, string clientId)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < Deadline; await Task.Delay(100, TestContext.Current.CancellationToken))
        {
            foreach (var one in broker.Server.Telemetry.Snapshot())
            {
                if (one.Client.ClientId == clientId && one.Values.Any(static value => value.Name == Opened)) return one;
            }
        }

        throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {clientId} to push\n{program.Said}");
    }
}
