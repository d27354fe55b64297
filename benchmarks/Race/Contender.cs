using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Moldau.Client.Security;

namespace Moldau.Bench.Race;

/// <summary>A broker in a process of its own. While it is not its turn it is stopped, so that it takes nothing from the other.</summary>
internal sealed partial class Contender : IDisposable
{
    private const int Kill = 9;
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    public Contender(ContenderKind kind, Process process, int port, string dataFolder)
    {
        (Kind, _process, Port, DataFolder) = (kind, process, port, dataFolder);
        AppDomain.CurrentDomain.ProcessExit += Kill9;
    }

    public ContenderKind Kind { get; }

    public int Port { get; }

    /// <summary>The second port of the bare broker: what echoes.</summary>
    public int EchoPort { get; init; }

    /// <summary>Where it speaks TLS, if it was started so.</summary>
    public int TlsPort { get; init; }

    public string DataFolder { get; }

    /// <summary>Who may do everything, where the broker asks.</summary>
    public SaslCredentials? Administrator { get; init; }

    public bool HasExited => _process.HasExited;

    /// <summary>The time its threads spent on processors: utime and stime of the process.</summary>
    public double CpuSeconds
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
        }
    }

    public double ResidentMiB => Status("VmRSS:");

    public double PeakMiB => Status("VmHWM:");

    /// <summary>The peak is counted anew.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    public void Pause() => Signal(Stop);

    public void Resume() => Signal(Continue);

    /// <summary>As an operator stops it.</summary>
    public void StopCleanly()
    {
        Resume();
        Signal(Terminate);
        if (!_process.WaitForExit(TimeSpan.FromMinutes(1))) throw new TimeoutException($"{Kind} did not stop within a minute");
    }

    /// <summary>No flush, no farewell.</summary>
    public void KillHard()
    {
        Signal(Kill);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill9;
        if (!_process.HasExited) KillHard();
        _process.Dispose();
    }

    private void Kill9(object? sender, EventArgs e) => Signal(Kill);

    private void Signal(int signal)
    {
        if (!_process.HasExited) _ = kill(_process.Id, signal);
    }

    private double Status(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return Number(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim()) / 1024;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
