using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Moldau.Compatibility.Wire;
using Moldau.Shared;

namespace Moldau.Compatibility.Serving;

/// <summary><c>moldau start</c> as a process of its own, which may be killed.</summary>
internal sealed partial class BrokerProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private readonly Task<string> _errors;

    private BrokerProcess(Process process, IPEndPoint address, Task<string> errors)
    {
        _process = process;
        _errors = errors;
        Address = address;
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    public IPEndPoint Address { get; }

    /// <param name="folder">Its data.</param>
    /// <param name="environment">Beyond that of this process.</param>
    /// <param name="settings">Beyond the defaults, as NAME=VALUE.</param>
    public static Task<BrokerProcess> StartAsync(string folder, IReadOnlyDictionary<string, string>? environment = null, params string[] settings) =>
        StartOnAsync(0, folder, environment, settings);

    /// <param name="port">Where it listens; 0 leaves that to the system.</param>
    /// <param name="folder">Its data.</param>
    /// <param name="environment">Beyond that of this process.</param>
    /// <param name="settings">Beyond the defaults, as NAME=VALUE.</param>
    public static async Task<BrokerProcess> StartOnAsync(int port, string folder, IReadOnlyDictionary<string, string>? environment, params string[] settings)
    {
        var program = Path.Combine(RepositoryPaths.Root, "artifacts", "bin", "Moldau.Host", "release", "moldau");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "start", "--data", folder, "--listen", $"127.0.0.1:{port}", "--http", "none" }) start.ArgumentList.Add(argument);
        foreach (var setting in settings)
        {
            start.ArgumentList.Add("--set");
            start.ArgumentList.Add(setting);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("could not start " + program);
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Deadline);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (ReadyLine().Match(line) is { Success: true } ready) return new BrokerProcess(process, IPEndPoint.Parse(ready.Groups[1].Value), errors);
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"waited {Deadline.TotalSeconds} s for the broker to be ready: {await errors}");
        }

        throw new InvalidOperationException($"the broker ended before it was ready: {await errors}");
    }

    public Task<WireClient> ConnectAsync() => WireClient.ConnectAsync(Address.Address.ToString(), Address.Port);

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code, and what it had to say.</returns>
    public async Task<(int Code, string Errors)> EndAsync()
    {
        using var patience = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return (_process.ExitCode, await _errors);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"waited {Deadline.TotalSeconds} s for the broker to end");
        }
    }

    /// <summary>SIGKILL: no flush, no farewell.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private void Kill(object? sender, EventArgs e) => _process.Kill();

    [GeneratedRegex(@"is ready on (127\.0\.0\.1:\d+)")]
    private static partial Regex ReadyLine();
}
