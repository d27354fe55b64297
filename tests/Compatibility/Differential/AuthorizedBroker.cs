using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Broker.Requests;

using Moldau.Storage.Files.Memory;

namespace Moldau.Compatibility.Differential;

/// <summary>Our broker in memory, which asks who somebody is and what he may do, with the users' rules.</summary>
internal sealed class AuthorizedBroker : IAsyncDisposable
{
    private readonly BrokerServer _server;

    private AuthorizedBroker(BrokerServer server) => _server = server;

    /// <summary>Also of Kafka's beside it.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["node.id"] = "1",
        ["num.partitions"] = "2",
        ["offsets.topic.num.partitions"] = "3",
        ["transaction.state.log.num.partitions"] = "3",
        ["offsets.topic.replication.factor"] = "1",
        ["transaction.state.log.replication.factor"] = "1",
        ["transaction.state.log.min.isr"] = "1",
        ["share.coordinator.state.topic.num.partitions"] = "3",
        ["share.coordinator.state.topic.replication.factor"] = "1",
        ["share.coordinator.state.topic.min.isr"] = "1",
        ["group.initial.rebalance.delay.ms"] = "0",
        ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        ["super.users"] = Users.SuperUsers,
        ["delegation.token.secret.key"] = "a key of both brokers",
    };

    public int Port => _server.Addresses[0].Port;

    /// <summary>Where nobody is asked who he is.</summary>
    public int OpenPort => _server.Addresses[1].Port;

    /// <summary>The table of what it serves.</summary>
    public IEnumerable<ApiRow> Rows => _server.Handlers.All;

    public static async Task<AuthorizedBroker> StartAsync(Func<BrokerOptions, BrokerOptions>? change = null)
    {
        var settings = new Dictionary<string, string>(Settings) { ["log.dirs"] = "/data", ["listeners"] = "SASL_PLAINTEXT://127.0.0.1:0,PLAINTEXT://127.0.0.1:0" };
        foreach (var (name, value) in Users.Asking(Users.Names)) settings[name] = value;
        var options = new BrokerOptions
        {
            Disk = new MemoryFileSystem(keepsHistory: false),
            Clock = TimeProvider.System,
            Chance = new Random(TestSeed.Value),
            Logs = NullLoggerFactory.Instance,
            Settings = settings,
        };
        var broker = new AuthorizedBroker(await BrokerServer.StartAsync(change is null ? options : change(options)));
        using var side = broker.Side();
        await Users.PrepareAsync(side);
        return broker;
    }

    public BrokerSide Side(string name = "Moldau") => new(name, _server.Addresses[0]) { Administrator = Users.Administrator, Introduce = Users.IntroduceAsync };

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
