using System.Diagnostics;
using System.Text;

namespace Moldau.Compatibility.Kafka;

/// <summary>
/// A program that is run to its end: fed with text, waited for no longer than its deadline, and killed with this run.
/// Its standard input stays open until it is done, so that a program reading there notices when this process is gone.
/// </summary>
internal static class ChildProcess
{
    public static async Task<string> RunAsync(
        string purpose, TimeSpan deadline, string program, IEnumerable<string> arguments, IEnumerable<string>? input = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        using var process = Process.Start(start) ?? throw new InvalidOperationException("could not start " + program);
        void Kill(object? sender, EventArgs e) => process.Kill(entireProcessTree: true);
        AppDomain.CurrentDomain.ProcessExit += Kill;
        using var patience = new CancellationTokenSource(deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            if (input is not null) await FeedAsync(process, input, patience.Token);
            var text = await output;
            await process.WaitForExitAsync(patience.Token);
            if (process.ExitCode == 0) return text;
            throw new InvalidOperationException($"{purpose}: {program} ended with {process.ExitCode}\n{await errors}");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"waited {deadline.TotalSeconds} s for: {purpose}");
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= Kill;
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task FeedAsync(Process process, IEnumerable<string> input, CancellationToken cancellation)
    {
        try
        {
            foreach (var line in input) await process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program went away before it had read everything; its exit code and its errors say why.
        }
    }
}
