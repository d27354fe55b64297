using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Clients;

/// <summary>A client in a process of its own. While it is not its turn it is stopped, so that it takes nothing from the others.</summary>
internal sealed partial class ClientProcess : IDisposable
{
    private const int Continue = 18;
    private const int Stop = 19;

    // Beyond its turn; what was handed over is confirmed meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private ClientProcess(Process process)
    {
        _process = process;
        // One that is stopped would not see that nobody asks any more.
        AppDomain.CurrentDomain.ProcessExit += KillHard;
    }

    public string Version { get; private set; } = "";

    /// <exception cref="ClientFailedException">It says that it cannot.</exception>
    public static ClientProcess Start(ProcessStartInfo start, ClientTask task)
    {
        foreach (var argument in task.ToArguments()) start.ArgumentList.Add(argument);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        var process = Process.Start(start) ?? throw new InvalidOperationException($"could not start {start.FileName}");
        // Read, or it would stand still when the pipe is full.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var client = new ClientProcess(process);
        try
        {
            client.Version = client.Next(static line => line.StartsWith(ClientWorker.Ready, StringComparison.Ordinal) ? line[ClientWorker.Ready.Length..].Trim() : null, Patience);
            client.Signal(Stop);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <exception cref="ClientFailedException">It failed, or did not come to an end.</exception>
    public ClientTurn Take(TimeSpan turn)
    {
        Signal(Continue);
        _process.StandardInput.WriteLine(((long)turn.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
        var taken = Next(ClientTurn.Parse, turn + Patience);
        Signal(Stop);
        return taken.Operations > 0 ? taken : throw new ClientFailedException("nothing was done in a whole turn");
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillHard;
        KillHard(null, EventArgs.Empty);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void KillHard(object? sender, EventArgs e)
    {
        if (!_process.HasExited) _process.Kill();
    }

    private T Next<T>(Func<string, T?> read, TimeSpan patience) where T : class
    {
        while (true)
        {
            var next = _process.StandardOutput.ReadLineAsync();
            if (!next.Wait(patience)) throw new ClientFailedException($"no answer within {patience.TotalSeconds:0} s");
            if (next.Result is not { } line) throw new ClientFailedException("its process ended");
            if (line.StartsWith(ClientWorker.Failed, StringComparison.Ordinal)) throw new ClientFailedException(line);
            if (read(line) is { } found) return found;
        }
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited) _ = kill(_process.Id, signal);
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
