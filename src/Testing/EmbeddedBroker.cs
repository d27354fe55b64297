using System.Globalization;
using System.Net;
using Moldau.Broker;
using Moldau.Broker.Settings.Start;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Testing.Faults;
using Moldau.Testing.Nodes;
using Moldau.Testing.Releases;

namespace Moldau.Testing;

/// <summary>
/// A broker inside a test's own process: the real one, on a port of its own, with data in memory unless told otherwise.
/// Any Kafka client can be pointed at it. Many may run at once.
/// </summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private readonly EmbeddedBrokerOptions _options;
    private readonly IFileSystem _disk;
    private readonly Dictionary<string, string> _settings;
    private readonly NodeSet? _nodes;
    private readonly LeaderMove? _move;
    private BrokerServer _server;

    private EmbeddedBroker(EmbeddedBrokerOptions options, IFileSystem disk, Dictionary<string, string> settings, NodeSet? nodes, BrokerFaults faults, BrokerServer server)
    {
        _nodes = nodes;
        if (nodes is not null) _move = new LeaderMove(nodes);
        _options = options;
        _disk = disk;
        _settings = settings;
        Faults = faults;
        _server = server;
    }

    /// <summary>What is to go wrong.</summary>
    public BrokerFaults Faults { get; }

    /// <summary>What a client is given as its bootstrap servers: all nodes.</summary>
    public string BootstrapServers => _nodes is null ? Address.ToString() : string.Join(',', _server.Addresses);

    /// <summary>The first node's.</summary>
    public IPEndPoint Address => _server.Addresses[0];

    internal BrokerServer Server => _server;

    public string ClusterId => _server.ClusterId;

    /// <summary>Ends when the broker answers.</summary>
    /// <exception cref="StartSettingsException">A setting is unknown or not possible.</exception>
    public static async Task<EmbeddedBroker> StartAsync(EmbeddedBrokerOptions? options = null)
    {
        options ??= new EmbeddedBrokerOptions();
        IFileSystem disk = options.Folder is null ? new MemoryFileSystem(keepsHistory: false) : new DiskFileSystem();
        var settings = Settings(options);
        var nodes = options.Nodes == 1 ? null : Spread(options, settings);
        settings.TryAdd("listeners", string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://127.0.0.1:{options.Port}"));
        var faults = new BrokerFaults();
        return new EmbeddedBroker(options, disk, settings, nodes, faults, await StartAsync(options, disk, settings, nodes, faults).ConfigureAwait(false));
    }

    /// <summary>
    /// Stops it in order and starts it again on the same port, with everything it had: what a client does through a restart
    /// is worth a test.
    /// </summary>
    public async Task RestartAsync()
    {
        _settings["listeners"] = _nodes?.SameListeners() ?? string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://{Address}");
        await _server.DisposeAsync().ConfigureAwait(false);
        _server = await StartAsync(_options, _disk, _settings, _nodes, Faults).ConfigureAwait(false);
    }

    /// <summary>Where a node answers.</summary>
    /// <param name="node">Its id.</param>
    public IPEndPoint AddressOf(int node) =>
        node == Id ? Address : _nodes?.Has(node) == true ? _nodes.AddressOf(node) : throw new ArgumentOutOfRangeException(nameof(node), node, NoNode);

    /// <summary>Which node leads a partition.</summary>
    /// <exception cref="ArgumentException">There is no such partition.</exception>
    public int LeaderOf(string topic, int partition) =>
        _server.Topics.Find(topic)?.Find(partition) is not { } found ? throw new ArgumentException($"there is no partition {partition} of topic '{topic}'") : _nodes?.LeaderOf(found) ?? Id;

    /// <summary>
    /// Another node leads the partition, in a higher leader epoch, when the task has ended. All nodes tell clients so; those that wait at the
    /// old one are answered, and what they ask there is refused from then on. Needs <see cref="EmbeddedBrokerOptions.Nodes"/>.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such partition, or no such node.</exception>
    public Task MoveLeaderAsync(string topic, int partition, int node) => Move.RunAsync(_server, topic, partition, node);

    /// <summary>Another node coordinates the group, and the others whose offsets lie in the same partition; its members stay members.</summary>
    /// <exception cref="ArgumentException">There is no such node.</exception>
    public Task MoveGroupAsync(string group, int node) => Move.RunForGroupAsync(_server, group, node);

    /// <summary>Another node coordinates the transactions of the id, and of the others that are kept in the same partition; one that is open stays open.</summary>
    /// <exception cref="ArgumentException">There is no such node.</exception>
    public Task MoveTransactionsAsync(string transactionalId, int node) => Move.RunForTransactionsAsync(_server, transactionalId, node);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        _move?.Dispose();
    }

    private const string NoNode = $"the embedded broker does not answer as this node; {nameof(EmbeddedBrokerOptions)}.{nameof(EmbeddedBrokerOptions.Nodes)} says as how many it does";

    private int Id => int.Parse(_settings["node.id"], CultureInfo.InvariantCulture);

    private LeaderMove Move => _move ?? throw new InvalidOperationException(
        $"the embedded broker answers as one node, and there is no other to move anything to: start it with {nameof(EmbeddedBrokerOptions)}.{nameof(EmbeddedBrokerOptions.Nodes)} = 2");

    private static NodeSet Spread(EmbeddedBrokerOptions options, Dictionary<string, string> settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Nodes, 1, nameof(options));
        foreach (var name in new[] { "listeners", "advertised.listeners", "listener.security.protocol.map", "inter.broker.listener.name" })
        {
            if (settings.ContainsKey(name)) throw new ArgumentException($"{name} is set, and an embedded broker that answers as {options.Nodes} nodes has listeners of its own making: leave it out, or Nodes", nameof(options));
        }

        var nodes = new NodeSet(int.Parse(settings["node.id"], CultureInfo.InvariantCulture), options.Nodes);
        settings["listeners"] = nodes.Listeners(options.Port);
        settings["listener.security.protocol.map"] = nodes.Protocols();
        settings["inter.broker.listener.name"] = nodes.FirstListener;
        return nodes;
    }

    private static Dictionary<string, string> Settings(EmbeddedBrokerOptions options)
    {
        var read = StartReader.Read(new StartInput { Sets = [.. options.Settings.Select(static setting => $"{setting.Key}={setting.Value}")] }, new DiskSmallFiles());
        var settings = new Dictionary<string, string>(read.Values, StringComparer.Ordinal);
        settings.TryAdd("log.dirs", options.Folder ?? "/memory");
        settings.TryAdd("node.id", "1");
        settings.TryAdd("broker.id", settings["node.id"]);
        // Nobody waits for three seconds in a test to see whether more members come.
        settings.TryAdd("group.initial.rebalance.delay.ms", "0");
        return settings;
    }

    private static async Task<BrokerServer> StartAsync(EmbeddedBrokerOptions options, IFileSystem disk, IReadOnlyDictionary<string, string> settings, NodeSet? nodes, BrokerFaults faults)
    {
        if (nodes is not null) nodes.Server = null;
        var release = options.AsKafka is { } name ? KafkaRelease.Find(name) : null;
        var server = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = disk,
            Clock = options.Clock,
            Chance = new Random(),
            Logs = options.Logs,
            Settings = settings,
            Owner = string.Create(CultureInfo.InvariantCulture, $"an embedded broker of process {Environment.ProcessId}"),
            Leads = nodes is null ? null : nodes.Leads,
            Streams = stream => new FaultyStream(stream, faults, options.Clock),
            Wrap = (api, handler) =>
            {
                var failing = new FailingHandler(api, nodes is null ? handler : new NodeHandler(handler, nodes), faults);
                return release is null ? failing : new ReleaseHandler(api, failing, release);
            },
        }).ConfigureAwait(false);
        if (nodes is not null) nodes.Server = server;
        return server;
    }
}
