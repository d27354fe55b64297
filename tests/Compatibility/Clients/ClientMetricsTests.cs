using Moldau.Broker.Telemetry;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>The clients of others push their own metrics, and the broker understands them (KIP-714).</summary>
public sealed class ClientMetricsTests(OurBroker broker) : IClassFixture<OurBroker>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Librdkafka_pushes_what_a_subscription_asks_for()
    {
        await SubscribeAsync();
        await ChildProcess.RunAsync("librdkafka to push its metrics", Deadline, await Librdkafka.PythonAsync(Librdkafka.New), [RepositoryPaths.MetricsScript, broker.Address, "pushed", "3"]);
        // It counts from its first subscription on, and is connected by then.
        Check("pushing-librdkafka", "confluent-kafka-python", leastOpened: 0);
    }

    [Fact]
    public async Task Kafkas_client_pushes_what_a_subscription_asks_for()
    {
        KafkaJars.Require();
        await SubscribeAsync();
        await KafkaJars.RunAsync("Kafka's client to push its metrics", Deadline, "Pusher", [broker.Address, "pushed", "3"]);
        Check("pushing-java", "apache-kafka-java", leastOpened: 1);
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

    private void Check(string clientId, string software, int leastOpened)
    {
        var shown = broker.Server.Telemetry.Snapshot();
        var pushed = Assert.Single(shown, one => one.Client.ClientId == clientId);
        Assert.Contains(software, pushed.Client.SoftwareName, StringComparison.Ordinal);
        Assert.NotEmpty(pushed.Values);
        Assert.All(pushed.Values, static value => Assert.StartsWith("org.apache.kafka.producer.", value.Name, StringComparison.Ordinal));
        var opened = Assert.Single(pushed.Values, static value => value.Name == "org.apache.kafka.producer.connection.creation.total");
        Assert.Equal(TelemetryKind.Counter, opened.Kind);
        Assert.InRange(opened.Value, leastOpened, 20);
    }
}
