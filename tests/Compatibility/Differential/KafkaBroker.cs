using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Differential;

/// <summary>Apache Kafka's own broker on one node, in a process that ends when its input ends and so not after this run.</summary>
internal sealed class KafkaBroker : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private KafkaBroker(Process process, string folder, int port, int open)
    {
        OpenPort = open;
        _process = process;
        _folder = folder;
        Address = new IPEndPoint(IPAddress.Loopback, port);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("Kafka's broker ended\n" + Output));
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public IPEndPoint Address { get; }

    /// <summary>Where nobody is asked who he is; the same as at the address where no listener asks.</summary>
    public int OpenPort { get; }

    public string Data => Path.Combine(_folder, "data");

    /// <param name="settings">Besides those of one node.</param>
    /// <param name="second">What a second data folder's name ends with; null for none.</param>
    /// <param name="users">Whom a listener asks who he is, each with the password that is his name; null where it asks nobody.</param>
    /// <param name="protocol">What its listener PLAINTEXT speaks.</param>
    public static async Task<KafkaBroker> StartAsync(
        IReadOnlyDictionary<string, string> settings, string? second = null, IReadOnlyList<string>? users = null, string protocol = "PLAINTEXT")
    {
        var folder = Directory.CreateTempSubdirectory("moldau-kafka-broker-").FullName;
        var (port, controller, own) = (FreePorts.One(), FreePorts.One(), FreePorts.One());
        var properties = new Dictionary<string, string>(settings)
        {
            ["process.roles"] = "broker,controller",
            ["controller.quorum.bootstrap.servers"] = $"127.0.0.1:{controller}",
            ["listeners"] = $"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
            ["advertised.listeners"] = $"PLAINTEXT://127.0.0.1:{port}",
            ["controller.listener.names"] = "CONTROLLER",
            ["listener.security.protocol.map"] = $"PLAINTEXT:{protocol},CONTROLLER:PLAINTEXT",
            ["log.dirs"] = Path.Combine(folder, "data"),
        };
        if (users is not null) Ask(properties, users, port, controller, own);
        if (second is not null) properties["log.dirs"] += $",{properties["log.dirs"]}{second}";
        await File.WriteAllLinesAsync(PropertiesIn(folder), properties.Select(property => $"{property.Key}={property.Value}"));
        return await StartAsync(folder, port, users is null ? port : own);
    }

    /// <summary>A listener for clients that asks who they are, beside one for the broker itself.</summary>
    private static void Ask(Dictionary<string, string> properties, IReadOnlyList<string> users, int port, int controller, int own)
    {
        properties["listeners"] = $"SASL_PLAINTEXT://127.0.0.1:{port},PLAINTEXT://127.0.0.1:{own},CONTROLLER://127.0.0.1:{controller}";
        properties["advertised.listeners"] = $"PLAINTEXT://127.0.0.1:{own},SASL_PLAINTEXT://127.0.0.1:{port}";
        properties["listener.security.protocol.map"] = "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT";
        foreach (var (name, value) in Users.Asking(users)) properties[name] = value;
    }

    /// <summary>Ends it in order, so that its files are whole.</summary>
    public async Task StopAsync()
    {
        await ChildProcess.RunAsync("Kafka's broker to end", Deadline, "kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    /// <summary>What was stopped, on the same folder.</summary>
    public Task<KafkaBroker> StartAgainAsync() => StartAsync(_folder, Address.Port, OpenPort);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<KafkaBroker> StartAsync(string folder, int port, int open)
    {
        var broker = new KafkaBroker(await KafkaJars.StartAsync(["-Xmx512m"], "BrokerProcess", PropertiesIn(folder)), folder, port, open);
        await broker._ready.Task.WaitAsync(Deadline);
        return broker;
    }

    private static string PropertiesIn(string folder) => Path.Combine(folder, "broker.properties");

    private string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        if (line == "ready") _ready.TrySetResult();
    }
}
