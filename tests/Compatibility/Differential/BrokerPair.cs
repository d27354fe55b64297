using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Compatibility.Differential;

/// <summary>Our broker and Kafka's, with the same settings, for all scripts of a run.</summary>
public class BrokerPair : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["node.id"] = "1",
        ["num.partitions"] = "2",
        ["offsets.topic.replication.factor"] = "1",
        ["transaction.state.log.replication.factor"] = "1",
        ["transaction.state.log.min.isr"] = "1",
        ["share.coordinator.state.topic.replication.factor"] = "1",
        ["share.coordinator.state.topic.min.isr"] = "1",
        ["group.initial.rebalance.delay.ms"] = "0",
    };

    /// <summary>A second data folder, for what moves: cordoned, so that everything is made in the first.</summary>
    public const string Second = "-2";

    private readonly Dictionary<string, string> _settings;
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-differential-").FullName;
    private BrokerServer? _ours;
    private KafkaBroker? _kafkas;

    public BrokerPair()
        : this([])
    {
    }

    /// <param name="more">Settings besides those of all pairs.</param>
    protected BrokerPair(Dictionary<string, string> more) => _settings = Settings.Concat(more).ToDictionary();

    public async ValueTask InitializeAsync()
    {
        if (!KafkaJars.IsThere) return;
        _kafkas = await KafkaBroker.StartAsync(_settings, Second);
        _ours = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = new DiskFileSystem(),
            Clock = TimeProvider.System,
            Chance = new Random(TestSeed.Value),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string>(_settings) { ["log.dirs"] = $"{OursData},{OursData}{Second}", ["listeners"] = "PLAINTEXT://127.0.0.1:0" },
        });
        await CordonAsync("Moldau", Ours, OursData + Second);
        await CordonAsync("Kafka", Kafkas, KafkasData + Second);
    }

    /// <summary>While it runs: Kafka 4.3.1 does not heed what its file says of it.</summary>
    private static async Task CordonAsync(string name, IPEndPoint address, string folder)
    {
        using var side = new BrokerSide(name, address);
        var altered = await side.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = 4, ResourceName = "1", Configs = [new() { Name = "cordoned.log.dirs", ConfigOperation = 0, Value = folder }] }],
        });
        Assert.Equal(ErrorCode.None, altered.Responses[0].ErrorCode);
        await side.UntilCordonedAsync(folder);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_ours is not null) await _ours.DisposeAsync();
        if (_kafkas is not null) await _kafkas.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public IPEndPoint Ours => _ours!.Addresses[0];

    public string OursData => Path.Combine(_folder, "data");

    public string KafkasData => _kafkas!.Data;

    public IPEndPoint Kafkas => _kafkas!.Address;
}
