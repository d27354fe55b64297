using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Storage.Files;

namespace Moldau.Compatibility.Groups.Stored;

internal sealed class OurStoredBroker : StoredBroker
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-stored-").FullName;
    private BrokerServer? _server;

    public override string Name => "Moldau";

    public override IPEndPoint Address => _server!.Addresses[0];

    public override string Data => Path.Combine(_folder, "data");

    public override async Task StartAsync() => _server = await BrokerServer.StartAsync(new BrokerOptions
    {
        Disk = new DiskFileSystem(),
        Clock = TimeProvider.System,
        Chance = new Random(TestSeed.Value),
        Logs = NullLoggerFactory.Instance,
        Settings = new Dictionary<string, string>(Settings) { ["log.dirs"] = Data, ["listeners"] = "PLAINTEXT://127.0.0.1:0" },
    });

    public override async Task StopAsync()
    {
        await _server!.DisposeAsync();
        _server = null;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null) await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
