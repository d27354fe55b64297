using Moldau.Broker;
using Moldau.Storage.Files;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>Our broker on a real disk, for foreign clients.</summary>
public sealed class OurBroker : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-clients-").FullName;
    private BrokerServer? _server;

    public string Data => Path.Combine(_folder, "data");

    internal BrokerServer Server => _server!;

    public string Address => $"127.0.0.1:{_server!.Addresses[0].Port}";

    public async ValueTask InitializeAsync() => _server = await BrokerServer.StartAsync(new BrokerOptions
    {
        Disk = new DiskFileSystem(),
        Clock = TimeProvider.System,
        Chance = new Random(TestSeed.Value),
        Logs = NullLoggerFactory.Instance,
        Settings = new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["log.dirs"] = Data,
            ["listeners"] = "PLAINTEXT://127.0.0.1:0",
            // Those that wait for others here wait until they are there.
            ["group.initial.rebalance.delay.ms"] = "0",
            ["group.consumer.min.heartbeat.interval.ms"] = "500",
            ["group.consumer.heartbeat.interval.ms"] = "500",
        },
    });

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
