using System.Diagnostics;
using System.Text;

namespace Moldau.TestRunner;

/// <summary>Runs one suite in a process of its own, which is gone when this returns.</summary>
internal sealed class SuiteRun(Suite suite, TextWriter output)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Unusual = TimeSpan.FromSeconds(60);

    /// <summary>A process that a test left behind may hold the output open for ever.</summary>
    private static readonly TimeSpan OutputDeadline = TimeSpan.FromSeconds(5);

    private readonly TestEvents _events = new(suite.Name, TimeProvider.System);
    private readonly HashSet<string> _told = [];

    public async Task<IReadOnlyList<FinishedTest>> RunAsync(CancellationToken stop)
    {
        if (!File.Exists(suite.Program)) return _events.End(-1, $"not built: {suite.Program}", "");

        using var process = new Process { StartInfo = StartInfo() };
        process.Start();
        process.StandardInput.Close();
        var errors = new StringBuilder();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput, _events.Take),
            ReadAsync(process.StandardError, line => errors.AppendLine(line)));
        var killed = await WatchAsync(process, stop);
        if (killed is not null) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAny(reading, Task.Delay(OutputDeadline, CancellationToken.None));
        return _events.End(process.ExitCode, killed, errors.ToString());
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo(suite.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in (string[])["-reporter", "json", "-noColor", "-noAutoReporters", .. suite.Arguments]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in suite.Environment) start.Environment[name] = value;
        return start;
    }

    /// <summary>Waits for the end, or says why the process must be killed. Tells of tests that run unusually long.</summary>
    private async Task<string?> WatchAsync(Process process, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var exit = process.WaitForExitAsync(CancellationToken.None);
        while (await Task.WhenAny(exit, Task.Delay(LookInterval, CancellationToken.None)) != exit)
        {
            if (stop.IsCancellationRequested) return "stopped by a signal";
            if (Stopwatch.GetElapsedTime(began) > suite.Deadline) return $"killed at its deadline of {suite.Deadline.TotalMinutes:F0} minutes";
            foreach (var (test, time) in _events.Running)
            {
                if (time > Unusual && _told.Add(test)) await output.WriteLineAsync($"{suite.Name}: running for {time.TotalSeconds:F0} s: {test}");
            }
        }

        return null;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> take)
    {
        while (await reader.ReadLineAsync() is { } line) take(line);
    }
}
