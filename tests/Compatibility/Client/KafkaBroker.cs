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

    private readonly Process _process;
    private readonly string _folder;

    private KafkaBroker(Process process, string folder, int port)
    {
        (_process, _folder, Port) = (process, folder, port);
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <param name="script">The script 'kafka' of MOLDAU_KAFKA's folder.</param>
    /// <param name="settings">Of its own, each as <c>name=value</c>; classes that they name may be ours.</param>
    public static async Task<KafkaBroker> StartAsync(string script, params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("moldau-kafka-broker-").FullName;
        var port = FreePort();
        var start = new ProcessStartInfo(script) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["broker", port.ToString(CultureInfo.InvariantCulture), folder, "auto.create.topics.enable=false", .. settings]) start.ArgumentList.Add(argument);
        if (settings.Length > 0) start.Environment["CLASSPATH"] = await KafkaJars.OurClassesAsync();
        var process = Process.Start(start) ?? throw new InvalidOperationException($"could not start {script}");
        // Nobody reads what it prints; its log is in its folder.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var broker = new KafkaBroker(process, folder, port);
        try
        {
            await broker.WaitAsync();
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
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"Kafka's broker ended with {_process.ExitCode} before it listened");
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
