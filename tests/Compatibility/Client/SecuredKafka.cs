using System.Diagnostics;
using System.Globalization;
using System.Text;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Client;

/// <summary>Apache Kafka's broker with a listener that asks nobody, one with TLS and one with SASL over it; it dies with this run.</summary>
internal sealed class SecuredKafka : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SecuredKafka(Process process, int[] ports)
    {
        (_process, Ports) = (process, ports);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => Take("ended", null);
        process.OutputDataReceived += (_, line) => Take("ready", line.Data);
        process.ErrorDataReceived += (_, line) => Take("", line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Of the listeners PLAINTEXT, SSL and SASL_SSL.</summary>
    public int[] Ports { get; }

    public static async Task<SecuredKafka> StartAsync(SecuredSettings settings)
    {
        var ports = Enumerable.Range(FreePorts.InRow(4), 4).ToArray();
        var listeners = string.Create(CultureInfo.InvariantCulture, $"SSL://127.0.0.1:{ports[1]},SASL_SSL://127.0.0.1:{ports[2]},PLAINTEXT://127.0.0.1:{ports[0]}");
        var properties = new Dictionary<string, string>(settings.Values)
        {
            ["process.roles"] = "broker,controller",
            ["controller.quorum.bootstrap.servers"] = $"127.0.0.1:{ports[3]}",
            ["controller.listener.names"] = "CONTROLLER",
            ["listeners"] = $"{listeners},CONTROLLER://127.0.0.1:{ports[3]}",
            ["advertised.listeners"] = listeners,
            ["log.dirs"] = Path.Combine(settings.Folder, "kafka"),
        };
        var file = Path.Combine(settings.Folder, "broker.properties");
        await File.WriteAllLinesAsync(file, properties.Select(static property => $"{property.Key}={property.Value}"));
        // Kafka reads keys of tokens only from where its own process was told that it may.
        var process = await KafkaJars.StartAsync(["-Xmx512m", $"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={settings.KeysUrl}"], "BrokerProcess", file);
        var broker = new SecuredKafka(process, ports);
        try
        {
            await broker._ready.Task.WaitAsync(Deadline);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string awaited, string? line)
    {
        lock (_output)
        {
            if (awaited == "ended") _ready.TrySetException(new InvalidOperationException("Kafka's broker ended\n" + _output));
            _output.AppendLine(line);
        }

        if (line == awaited) _ready.TrySetResult();
    }
}
