using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;

namespace Moldau.Unit.Broker.Serving;

/// <summary>A broker of its own for one test: data in memory, a port of the system's choice.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private TestBroker(BrokerServer server) => Server = server;

    public BrokerServer Server { get; }

    public IPEndPoint Address => Server.Addresses[0];

    public static async Task<TestBroker> StartAsync(Func<BrokerOptions, BrokerOptions>? change = null, IFileSystem? disk = null, Dictionary<string, string>? settings = null)
    {
        var options = Options(disk, settings);
        return new TestBroker(await BrokerServer.StartAsync(change is null ? options : change(options)));
    }

    public static BrokerOptions Options(IFileSystem? disk = null, Dictionary<string, string>? settings = null)
    {
        var options = new BrokerOptions
        {
            Disk = disk ?? new MemoryFileSystem(keepsHistory: false),
            Clock = TimeProvider.System,
            Chance = new Random(7),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string> { ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["node.id"] = "1" },
        };
        foreach (var (name, value) in settings ?? []) ((Dictionary<string, string>)options.Settings)[name] = value;
        return options;
    }

    public static Task<TestBroker> WithAsync(string setting, string value) => StartAsync(settings: new() { [setting] = value });

    public Task<Conversation> ConnectAsync(string clientId = "test") => Conversation.ConnectAsync(Address, clientId);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
