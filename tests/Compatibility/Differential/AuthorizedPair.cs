using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Compatibility.Differential;

/// <summary>Our broker and Kafka's, both of which ask who somebody is and what he may do.</summary>
public sealed class AuthorizedPair : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["node.id"] = "1",
        ["num.partitions"] = "2",
        ["offsets.topic.num.partitions"] = "3",
        ["transaction.state.log.num.partitions"] = "3",
        ["offsets.topic.replication.factor"] = "1",
        ["transaction.state.log.replication.factor"] = "1",
        ["transaction.state.log.min.isr"] = "1",
        ["group.initial.rebalance.delay.ms"] = "0",
        ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        ["super.users"] = Users.SuperUsers,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-authorized-").FullName;
    private BrokerServer? _ours;
    private KafkaBroker? _kafkas;

    public async ValueTask InitializeAsync()
    {
        if (!KafkaJars.IsThere) return;
        _kafkas = await KafkaBroker.StartAsync(Settings, users: Users.Names);
        _ours = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = new DiskFileSystem(),
            Clock = TimeProvider.System,
            Chance = new Random(TestSeed.Value),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string>(Settings) { ["log.dirs"] = Path.Combine(_folder, "data"), ["listeners"] = "PLAINTEXT://127.0.0.1:0" },
            Wrap = Introduction.Around,
        });
        using var ours = Ours();
        using var kafkas = Kafkas();
        foreach (var side in (BrokerSide[])[ours, kafkas])
        {
            await Coordinated.PrepareAsync(side);
            await Users.AllowAsync(side);
            await side.SettleAsync(DifferentialRun.BarrierTopic, 1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_ours is not null) await _ours.DisposeAsync();
        if (_kafkas is not null) await _kafkas.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal BrokerSide Ours() => new("Moldau", _ours!.Addresses[0]) { Administrator = Users.Administrator, Introduce = Introduction.IntroduceAsync };

    internal BrokerSide Kafkas() => new("Kafka", _kafkas!.Address) { Administrator = Users.Administrator, Introduce = Users.IntroduceAsync };
}
