using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
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

    private KafkaBroker(Process process, string folder, int port)
    {
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

    public string Data => Path.Combine(_folder, "data");

    /// <param name="settings">Besides those of one node.</param>
    /// <param name="second">What a second data folder's name ends with; null for none.</param>
    public static async Task<KafkaBroker> StartAsync(IReadOnlyDictionary<string, string> settings, string? second = null)
    {
        var folder = Directory.CreateTempSubdirectory("moldau-kafka-broker-").FullName;
        var (port, controller) = FreePorts();
        var properties = new Dictionary<string, string>(settings)
        {
            ["process.roles"] = "broker,controller",
            ["controller.quorum.bootstrap.servers"] = $"127.0.0.1:{controller}",
            ["listeners"] = $"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
            ["advertised.listeners"] = $"PLAINTEXT://127.0.0.1:{port}",
            ["controller.listener.names"] = "CONTROLLER",
            ["listener.security.protocol.map"] = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            ["log.dirs"] = Path.Combine(folder, "data"),
        };
        if (second is not null) properties["log.dirs"] += $",{properties["log.dirs"]}{second}";
        await File.WriteAllLinesAsync(PropertiesIn(folder), properties.Select(property => $"{property.Key}={property.Value}"));
        return await StartAsync(folder, port);
    }

    /// <summary>Ends it in order, so that its files are whole.</summary>
    public async Task StopAsync()
    {
        await ChildProcess.RunAsync("Kafka's broker to end", Deadline, "kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    /// <summary>What was stopped, on the same folder.</summary>
    public Task<KafkaBroker> StartAgainAsync() => StartAsync(_folder, Address.Port);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<KafkaBroker> StartAsync(string folder, int port)
    {
        var broker = new KafkaBroker(await KafkaJars.StartAsync(["-Xmx512m"], "BrokerProcess", PropertiesIn(folder)), folder, port);
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

    /// <summary>Kafka names both of its ports in its settings, so neither can be left to the system at the bind.</summary>
    private static (int One, int Other) FreePorts()
    {
        using var one = new TcpListener(IPAddress.Loopback, 0);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        one.Start();
        other.Start();
        return (((IPEndPoint)one.LocalEndpoint).Port, ((IPEndPoint)other.LocalEndpoint).Port);
    }
}
