using System.Collections.Immutable;
using System.Net;
using Moldau.Broker.Coordinators;
using Moldau.Broker.Diagnostics;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Network.Tls;
using Moldau.Broker.Partitions;
using Moldau.Broker.Partitions.Moving;
using Moldau.Broker.Quotas;
using Moldau.Broker.Requests;
using Moldau.Broker.Requests.Data.Fetching;
using Moldau.Broker.Requests.Data.Producing;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Tls;
using Moldau.Broker.Security.Tokens;
using Moldau.Broker.Telemetry;
using Moldau.Broker.Timing;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;

namespace Moldau.Broker;

/// <summary>
/// One node, from its data folders to its listeners. A start binds first, so that an address that is taken is known before
/// anything is touched, and listens last, when everything is served.
/// </summary>
public sealed class BrokerServer : IAsyncDisposable
{
    /// <summary>Whoever has asked is answered before a stop, but not for longer than this.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private const long SessionEvictionMilliseconds = 2 * 60 * 1000;
    /// <summary>Of connections that are not let in, within ten seconds.</summary>
    private const int RefusalsTold = 10;

    /// <summary>Of connections that end for a reason, within the same time.</summary>
    private const int EndsTold = 20;

    private ProducerIds? _producerIds;
    private readonly BrokerOptions _options;
    private readonly LiveSettings _settings;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];
    private readonly Delays _delays;
    private readonly ChunkPool _chunks = new();
    private readonly ConnectionTable _connections;
    private readonly ClientQuotas _quotas;
    private readonly ConnectionRates _rates;
    private readonly Lanes _lanes;
    private readonly Lanes _streamLanes;
    private readonly HandshakeGate _handshakes = new(Math.Max(1, Environment.ProcessorCount - 1));
    private readonly NetworkLog _networkLog;
    private readonly PartitionLogbook _partitionLog;
    private readonly List<Listener> _listeners = [];
    private readonly FolderWatch _watch;
    private readonly List<(string Phase, long Milliseconds)> _phases = [];
    private DataFolders? _folders;
    private LocalMetadataStore? _store;
    private HouseKeeping? _house;
    private TlsWatch? _certificates;
    private Compactor? _compactor;
    private long _nodeEpoch;
    private int _isDisposed;
    private Func<IMetadataStore, Task>? _alter;

    private BrokerServer(BrokerOptions options)
    {
        _options = options;
        Figures = new BrokerFigures(options.Clock);
        _networkLog = new NetworkLog(options.Logs.CreateLogger("Moldau.Network"));
        _partitionLog = new PartitionLogbook(options.Logs.CreateLogger("Moldau.Partitions"));
        _delays = new Delays(options.Clock);
        _settings = new LiveSettings(options.Settings);
        _watch = new FolderWatch(options, _settings, _partitionLog, Figures, KeepHouse);
        var (limits, windows) = (NetworkLimits.Of(_settings.Current), _settings.Current.Quotas);
        var meters = new QuotaMeters(new QuotaWindow(windows.Windows, windows.WindowSeconds), new QuotaWindow(windows.MutationWindows, windows.MutationWindowSeconds));
        _quotas = new ClientQuotas(meters, _delays, options.Clock);
        _rates = new ConnectionRates(meters, _quotas, _delays) { Settings = _settings.Current.Connections };
        _connections = new ConnectionTable(limits, _chunks, _delays, Figures.Traces, _quotas, new LinePace(options.Clock, EndsTold, TimeSpan.FromSeconds(10)), _networkLog);
        _lanes = new Lanes(options.NetworkThreads, options.UsesNativeSockets, _chunks, Figures.Lane);
        _streamLanes = new Lanes(options.NetworkThreads, isNative: false, _chunks, Figures.Lane);
    }

    public IReadOnlyList<IPEndPoint> Addresses => [.. _listeners.Select(static listener => listener.Address)];

    public string ClusterId { get; private set; } = "";

    /// <summary>Ends, with the reason, when the folder with the metadata has failed: the broker is to be stopped then.</summary>
    public Task<string> Failure => _watch.Failure;

    internal HostedTopics Topics { get; } = new();

    internal DataFolders Folders => _watch.Folders;

    internal FolderMoves Moves => _watch.Hosting!.Moves!;

    internal ConnectionTable Connections => _connections;

    /// <summary>In the order of the settings.</summary>
    internal IReadOnlyList<ListenerFacts> ListenerFacts => _listeners.ConvertAll(static listener => listener.Facts);

    internal ClientQuotas Quotas => _quotas;

    /// <summary>What clients push of their own metrics.</summary>
    internal ClientTelemetry Telemetry { get; private set; } = null!;

    internal ConnectionRates ConnectionRates => _rates;

    internal ChunkPool Chunks => _chunks;

    internal BrokerFigures Figures { get; }

    internal Lanes Lanes => _lanes;

    internal IReadOnlyList<Listener> Listeners => _listeners;

    internal Delays Delays => _delays;

    internal LiveSettings Settings => _settings;

    internal TimeProvider Clock => _options.Clock;

    internal IFileSystem Disk => _options.Disk;

    internal Compactor? Compactor => _compactor;

    internal MetadataFollower? Metadata { get; private set; }

    internal IMetadataStore Store => _store!;

    internal PartitionHosting Hosting => _watch.Hosting!;

    /// <summary>How long each phase of the start took, in milliseconds.</summary>
    internal IReadOnlyList<(string Phase, long Milliseconds)> StartPhases => _phases;

    /// <summary>Why it does not serve; null where it does.</summary>
    public string? NotReadyReason => Volatile.Read(ref _isDisposed) != 0 ? "the broker is stopping" : _house is null ? "the broker is starting" : null;

    internal RequestHandlers Handlers { get; private set; } = null!;

    internal Coordinators.Coordinators? Coordinators { get; private set; }

    /// <exception cref="FolderRefusedException">A data folder is in use, another's, or of another format.</exception>
    /// <exception cref="IOException">An address cannot be bound, or the disk failed.</exception>
    public static async Task<BrokerServer> StartAsync(BrokerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var server = new BrokerServer(options);
        try
        {
            await server.StartAsync().ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Alters what a broker that does not run remembers: its folders are opened and closed as by a start and a stop, and
    /// nobody is served in between.
    /// </summary>
    /// <exception cref="FolderRefusedException">A data folder is in use, another's, or of another format.</exception>
    public static async Task AlterStoppedAsync(BrokerOptions options, Func<IMetadataStore, Task> alter)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(alter);
        var server = new BrokerServer(options) { _alter = alter };
        await using (server.ConfigureAwait(false)) await server.StartAsync().ConfigureAwait(false);
    }

    /// <summary>Closes in order: no new requests, those under way answered, what was appended on disk, the folders marked as closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        foreach (var listener in _listeners) await listener.DisposeAsync().ConfigureAwait(false);
        await DrainAsync().ConfigureAwait(false);
        _connections.CloseAll();
        _lanes.Dispose();
        _streamLanes.Dispose();
        if (_certificates is not null) await _certificates.DisposeAsync().ConfigureAwait(false);
        if (_house is not null) await _house.DisposeAsync().ConfigureAwait(false);
        if (_compactor is not null) await _compactor.DisposeAsync().ConfigureAwait(false);
        if (Coordinators is not null) await Coordinators.StopAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var loop in _loops) await Ended(loop).ConfigureAwait(false);
        _watch.Hosting?.Moves?.Dispose();
        await Task.WhenAll(Writers()).ConfigureAwait(false);
        Close();
        if (_store is not null) await _store.DisposeAsync().ConfigureAwait(false);
        Coordinators?.Dispose();
        _producerIds?.Dispose();
        _delays.Dispose();
        _stopping.Dispose();
        Figures.Dispose();
    }

    private async Task DrainAsync()
    {
        try
        {
            await _connections.DrainAsync().WaitAsync(DrainTime, _options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Somebody does not read his replies.
        }
    }

    private static async Task Ended(Task loop)
    {
        try
        {
            await loop.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // As it was told.
        }
    }

    internal (int Online, int Offline) CountPartitions()
    {
        var (online, offline) = (0, 0);
        foreach (var topic in Topics.All)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.Log is null) offline++;
                else online++;
            }
        }

        return (online, offline);
    }

    private async Task StartAsync()
    {
        var phase = new StartPhase(_options.Clock, _phases);
        var patience = TimeSpan.FromMilliseconds(_settings.Current.Listeners.HandshakeMilliseconds);
        var parts = new ListenerParts(
            _lanes, _streamLanes, _connections, _rates, new TlsDoor(_handshakes, _connections.Tls, _options.Clock, patience, _networkLog),
            new LinePace(_options.Clock, RefusalsTold, TimeSpan.FromSeconds(10)), _options.SmallFiles, _options.Clock, _networkLog, _options.Streams);
        foreach (var listener in _settings.Current.Listeners.Listeners) _listeners.Add(new Listener(listener, _settings.Current, parts));
        phase.Ended("bind");
        _folders = _watch.Folders;
        ClusterId = _watch.Open();
        phase.Ended("folders");
        _store = LocalMetadataStore.Open(_watch.Disks[0].Disk.Files, _settings.Current.Folders.Paths[0], _options.Chance);
        var ids = new UuidSource(_options.Chance);
        await PrepareAsync(_store, ids).ConfigureAwait(false);
        var metadata = Metadata = await MetadataFollower.StartAsync(_store).ConfigureAwait(false);
        _nodeEpoch = metadata.Current.Nodes[_settings.Node].Revision;
        _quotas.Follow(metadata.Subscribe(update => _quotas.Follow(update.After)));
        Telemetry = new ClientTelemetry(ids, _delays);
        Telemetry.Follow(metadata.Subscribe(Telemetry.Follow));
        _loops.Add(metadata.RunAsync(_stopping.Token));
        phase.Ended("metadata");

        _compactor = new Compactor(_settings.Current.Compactor, _folders!, _options.Clock, _partitionLog);
        var hosting = _watch.Hosting = new PartitionHosting(_settings.Node, metadata, _folders!, Topics, _compactor, _settings, _partitionLog);
        var openings = hosting.Open();
        Report(openings);
        phase.Ended("logs");
        var raised = await new RaiseLeaderEpochs(_store).RunAsync(_settings.Node, PartitionHosting.MustRaise(openings, metadata.Current)).ConfigureAwait(false);
        if (raised > 0) await metadata.WaitForAsync((await _store.GetAsync(MetadataKeys.Cluster).ConfigureAwait(false)).Revision).ConfigureAwait(false);
        _folders!.EpochsRaised();
        hosting.Serve(openings);
        _loops.Add(hosting.RunAsync(_stopping.Token));

        var creator = new TopicCreator(_store, metadata, hosting, ids, _settings, _settings.Node);
        var coordinated = new CoordinatorParts(Topics, _settings, _options.Clock, _delays, new CoordinatorLogbook(_options.Logs.CreateLogger("Moldau.Coordinators")));
        _producerIds = new ProducerIds(_store, ids, _settings.Node);
        Coordinators = new Coordinators.Coordinators(coordinated, metadata, creator, _producerIds, new Random(_options.Chance.Next()));
        // Whoever asks before they are loaded is told so.
        _loops.Add(Coordinators.LoadAsync());
        Figures.Sessions = new FetchSessions(_settings.Current.Requests.FetchSessions, SessionEvictionMilliseconds, new Random(_options.Chance.Next()));
        var tokens = new DelegationTokens(() => metadata.Current, _settings);
        Handlers = ApiSurface.Build(new BrokerParts(
            _options, _settings, _store, metadata, hosting, Topics, _folders, _delays, ids, creator, Coordinators, _producerIds, Figures.Sessions, Figures.Data, tokens, _quotas, Telemetry, _networkLog,
            new AuditLog(_options.Logs.CreateLogger("Moldau.Audit"), _delays)));
        _compactor.Start(_options.Chance);
        _settings.Changed = changed =>
        {
            _connections.Limits = NetworkLimits.Of(changed);
            _rates.Settings = changed.Connections;
        };
        _house = new HouseKeeping(_options.Clock, _settings, _folders, Topics, _connections, new TokenSweep(_store, tokens, _settings, _options.Clock), _partitionLog);
        var pipeline = new RequestPipeline(Handlers, _networkLog);
        _certificates = new TlsWatch(_options.Clock, _settings, [.. _listeners.Select(static listener => listener.Tls).OfType<ListenerTls>()]);
        if (_alter is not null) await _alter(_store).ConfigureAwait(false);
        else foreach (var listener in _listeners) listener.Start(pipeline);
        phase.Ended("epochs and handlers");
    }

    private struct StartPhase(TimeProvider clock, List<(string Phase, long Milliseconds)> phases)
    {
        private long _since = clock.GetTimestamp();

        public void Ended(string name)
        {
            phases.Add((name, (long)clock.GetElapsedTime(_since).TotalMilliseconds));
            _since = clock.GetTimestamp();
        }
    }

    private void KeepHouse(PartitionLog log)
    {
        if (!PartitionName.TryParse(log.Name, out var name) || Topics.Find(name.Topic)?.Find(name.Partition) is not { } partition) return;
        _ = partition.Queue.RunAsync(log.KeepHouse);
    }

    private async Task PrepareAsync(LocalMetadataStore store, UuidSource ids)
    {
        var alter = new AlterRecord(store);
        await alter.RunAsync<ClusterRecord>(MetadataKeys.Cluster, known => known ?? new ClusterRecord(ClusterId)).ConfigureAwait(false);
        await new RemoveUnbornTopics(store).RunAsync().ConfigureAwait(false);
        await alter.RunAsync<FeaturesRecord>(MetadataKeys.Features, static known => known ?? Requests.Cluster.Features.First()).ConfigureAwait(false);
        var endpoints = _listeners.ConvertAll(Advertised);
        var node = new NodeRecord(ids.Next(), [.. endpoints], _settings.Current.Rack);
        await alter.RunAsync<NodeRecord>(MetadataKeys.Node(_settings.Node), _ => node).ConfigureAwait(false);
    }

    /// <summary>What was not said is what the socket turned out to have.</summary>
    private NodeEndpoint Advertised(Listener listener)
    {
        var told = _settings.Current.Listeners.Advertised.FirstOrDefault(advertised => advertised.Name == listener.Facts.Name);
        var host = told is { Host.Length: > 0 } ? told.Host : listener.Host;
        return new NodeEndpoint(listener.Facts.Name, host, told is { Port: > 0 } ? told.Port : listener.Address.Port, listener.Facts.Protocol);
    }

    private void Report(IReadOnlyList<FolderOpening> openings)
    {
        foreach (var opening in openings)
        {
            foreach (var note in opening.Notes) _partitionLog.Recovered(note.Row.ToString(), note.Message);
        }
    }

    private IEnumerable<Task> Writers()
    {
        foreach (var topic in Topics.All)
        {
            foreach (var partition in topic.Partitions) yield return partition.Queue.RunAsync(static () => { });
        }
    }

    private void Close()
    {
        if (_folders is null) return;
        foreach (var folder in _folders.All)
        {
            if (folder.Online is { } online)
            {
                foreach (var obstacle in online.Close(_nodeEpoch).Obstacles) _partitionLog.NotClosedInOrder(folder.Path, obstacle);
            }
            else if (folder.OfflineReason is { } reason)
            {
                folder.Opened?.Dispose();
                _partitionLog.NotClosedInOrder(folder.Path, reason);
            }
        }
    }
}
