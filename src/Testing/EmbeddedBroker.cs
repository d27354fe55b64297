using System.Globalization;
using System.Net;
using Moldau.Broker;
using Moldau.Broker.Settings.Start;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;

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

    private EmbeddedBroker(EmbeddedBrokerOptions options, IFileSystem disk, Dictionary<string, string> settings, BrokerServer server)
    {
        _options = options;
        _disk = disk;
        _settings = settings;
        _server = server;
    }

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
        return new EmbeddedBroker(options, disk, settings, await StartAsync(options, disk, settings).ConfigureAwait(false));
    }

    /// <summary>
    /// Stops it in order and starts it again on the same port, with everything it had: what a client does through a restart
    /// is worth a test.
    /// </summary>
    public async Task RestartAsync()
    {
        _settings["listeners"] = string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://{Address}");
        await _server.DisposeAsync().ConfigureAwait(false);
        _server = await StartAsync(_options, _disk, _settings).ConfigureAwait(false);
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

    private static Task<BrokerServer> StartAsync(EmbeddedBrokerOptions options, IFileSystem disk, IReadOnlyDictionary<string, string> settings) => BrokerServer.StartAsync(new BrokerOptions
    {
        Disk = disk,
        Clock = options.Clock,
        Chance = new Random(),
        Logs = options.Logs,
        Settings = settings,
        Owner = string.Create(CultureInfo.InvariantCulture, $"an embedded broker of process {Environment.ProcessId}"),
    });
}
