using System.Globalization;
using System.Net;
using Moldau.Broker;
using Moldau.Broker.Settings.Start;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Testing.Faults;
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
    private BrokerServer _server;

    private EmbeddedBroker(EmbeddedBrokerOptions options, IFileSystem disk, Dictionary<string, string> settings, BrokerFaults faults, BrokerServer server)
    {
        _options = options;
        _disk = disk;
        _settings = settings;
        Faults = faults;
        _server = server;
    }

    /// <summary>What is to go wrong.</summary>
    public BrokerFaults Faults { get; }

    /// <summary>What a client is given as its bootstrap servers.</summary>
    public string BootstrapServers => Address.ToString();

    public IPEndPoint Address => _server.Addresses[0];

    public string ClusterId => _server.ClusterId;

    /// <summary>Ends when the broker answers.</summary>
    /// <exception cref="StartSettingsException">A setting is unknown or not possible.</exception>
    public static async Task<EmbeddedBroker> StartAsync(EmbeddedBrokerOptions? options = null)
    {
        options ??= new EmbeddedBrokerOptions();
        IFileSystem disk = options.Folder is null ? new MemoryFileSystem(keepsHistory: false) : new DiskFileSystem();
        var settings = Settings(options);
        var faults = new BrokerFaults();
        return new EmbeddedBroker(options, disk, settings, faults, await StartAsync(options, disk, settings, faults).ConfigureAwait(false));
    }

    /// <summary>
    /// Stops it in order and starts it again on the same port, with everything it had: what a client does through a restart
    /// is worth a test.
    /// </summary>
    public async Task RestartAsync()
    {
        _settings["listeners"] = string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://{Address}");
        await _server.DisposeAsync().ConfigureAwait(false);
        _server = await StartAsync(_options, _disk, _settings, Faults).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static Dictionary<string, string> Settings(EmbeddedBrokerOptions options)
    {
        var read = StartReader.Read(new StartInput { Sets = [.. options.Settings.Select(static setting => $"{setting.Key}={setting.Value}")] }, new DiskSmallFiles());
        var settings = new Dictionary<string, string>(read.Values, StringComparer.Ordinal);
        settings.TryAdd("log.dirs", options.Folder ?? "/memory");
        settings.TryAdd("listeners", string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://127.0.0.1:{options.Port}"));
        settings.TryAdd("node.id", "1");
        settings.TryAdd("broker.id", settings["node.id"]);
        // Nobody waits for three seconds in a test to see whether more members come.
        settings.TryAdd("group.initial.rebalance.delay.ms", "0");
        return settings;
    }

    private static Task<BrokerServer> StartAsync(EmbeddedBrokerOptions options, IFileSystem disk, IReadOnlyDictionary<string, string> settings, BrokerFaults faults)
    {
        var release = options.AsKafka is { } name ? KafkaRelease.Find(name) : null;
        return BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = disk,
            Clock = options.Clock,
            Chance = new Random(),
            Logs = options.Logs,
            Settings = settings,
            Owner = string.Create(CultureInfo.InvariantCulture, $"an embedded broker of process {Environment.ProcessId}"),
            Streams = stream => new FaultyStream(stream, faults, options.Clock),
            Wrap = (api, handler) =>
            {
                var failing = new FailingHandler(api, handler, faults);
                return release is null ? failing : new ReleaseHandler(api, failing, release);
            },
        });
    }
}
