using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Client;

/// <summary>A broker of Apache Kafka in a process of its own, on a port of the system's choice; it dies with this run.</summary>
internal sealed class KafkaBroker : IAsyncDisposable
{
    /// <summary>On a machine that is busy with other tests it takes its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private const int Attempts = 3;
    private const int LinesKept = 100;

    private readonly Process _process;
    private readonly string _folder;
    private readonly Queue<string> _said = [];

    private KafkaBroker(Process process, string folder, int port)
    {
        (_process, _folder, Port) = (process, folder, port);
        AppDomain.CurrentDomain.ProcessExit += Kill;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <param name="script">The script 'kafka' of MOLDAU_KAFKA's folder.</param>
    /// <param name="settings">Of its own, each as <c>name=value</c>; classes that they name may be ours.</param>
    public static async Task<KafkaBroker> StartAsync(string script, params string[] settings)
    {
        string[] classes = settings.Length > 0 ? [await KafkaJars.OurClassesAsync()] : [];
        for (var attempt = 1; ; attempt++)
        {
            var broker = Start(script, settings, classes);
            try
            {
                await broker.WaitAsync();
                return broker;
            }
            catch (Exception failure)
            {
                await broker.DisposeAsync();
                // Another program of this machine may have taken its ports since they were found free.
                if (failure is not InvalidOperationException || attempt == Attempts) throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static KafkaBroker Start(string script, string[] settings, string[] classes)
    {
        var folder = Directory.CreateTempSubdirectory("moldau-kafka-broker-").FullName;
        // Its controller listens on the port behind.
        var port = FreePorts.InRow(2);
        var start = new ProcessStartInfo(script) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["broker", port.ToString(CultureInfo.InvariantCulture), folder, "auto.create.topics.enable=false", .. settings]) start.ArgumentList.Add(argument);
        if (classes.Length > 0) start.Environment["CLASSPATH"] = classes[0];
        return new KafkaBroker(Process.Start(start) ?? throw new InvalidOperationException($"could not start {script}"), folder, port);
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_said)
        {
            if (_said.Count == LinesKept) _said.Dequeue();
            _said.Enqueue(line);
        }
    }

    private async Task<string> SaidAsync()
    {
        // All that it said is here only when it has ended and its pipes are read out.
        await _process.WaitForExitAsync();
        lock (_said) return string.Join('\n', _said);
    }

    private async Task WaitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"Kafka's broker ended with {_process.ExitCode} before it listened on port {Port}:\n{await SaidAsync()}");
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Port, patience.Token);
                return;
            }
            catch (SocketException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(100);
            }
            catch (Exception) when (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"waited {Patience.TotalSeconds} s for Kafka's broker to listen on port {Port}");
            }
        }
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }
}
