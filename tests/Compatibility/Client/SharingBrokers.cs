using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Client;
using Moldau.Compatibility.Kafka;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Compatibility.Client;

/// <summary>Brokers that have share groups, started when a test first asks for one, with locks that are short enough to wait for.</summary>
public sealed class SharingBrokers : IAsyncLifetime
{
    private readonly SemaphoreSlim _gate = new(1);
    private KafkaBroker? _kafka;
    private BrokerServer? _moldau;

    public static TheoryData<string> Names => ["Kafka", "Moldau"];

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_kafka is not null) await _kafka.DisposeAsync();
        if (_moldau is not null) await _moldau.DisposeAsync();
        _gate.Dispose();
    }

    /// <summary>A client of the broker of that name.</summary>
    internal async Task<KafkaClient> ConnectAsync(string name, Func<KafkaClientOptions, KafkaClientOptions>? change = null)
    {
        var options = new KafkaClientOptions { Bootstrap = await AddressAsync(name), CloseTimeout = TimeSpan.FromSeconds(20) };
        return new KafkaClient(change is null ? options : change(options));
    }

    internal async Task<string> AddressAsync(string name)
    {
        if (name == "Kafka") KafkaJars.Require();
        await _gate.WaitAsync();
        try
        {
            if (name == "Moldau")
            {
                _moldau ??= await BrokerServer.StartAsync(new BrokerOptions
                {
                    Disk = new MemoryFileSystem(keepsHistory: false), Clock = TimeProvider.System, Chance = new Random(TestSeed.Value), Logs = NullLoggerFactory.Instance,
                    Settings = new Dictionary<string, string>
                    {
                        ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["node.id"] = "1", ["share.coordinator.state.topic.num.partitions"] = "2",
                        ["group.share.min.record.lock.duration.ms"] = "1000", ["group.share.min.heartbeat.interval.ms"] = "500", ["group.share.heartbeat.interval.ms"] = "500",
                    },
                });
                return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_moldau.Addresses[0].Port}");
            }

            _kafka ??= await KafkaBroker.StartAsync(
                KafkaJars.Script, "share.coordinator.state.topic.replication.factor=1", "share.coordinator.state.topic.min.isr=1", "share.coordinator.state.topic.num.partitions=2",
                "group.share.min.record.lock.duration.ms=1000", "group.share.min.heartbeat.interval.ms=500", "group.share.heartbeat.interval.ms=500");
            return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_kafka.Port}");
        }
        finally
        {
            _gate.Release();
        }
    }
}
