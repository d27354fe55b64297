using System.Diagnostics;
using System.Text.RegularExpressions;
using Moldau.Compatibility.Launcher;
using Xunit;

namespace Moldau.Compatibility.Packing;

/// <summary>A <c>moldau</c> that was installed somewhere, in an environment of its own, and the broker it is started as.</summary>
/// <param name="Path">The program.</param>
/// <param name="Environment">All of its environment; null for this process's own.</param>
internal sealed partial record InstalledProgram(string Path, IReadOnlyDictionary<string, string>? Environment)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Runs one of its verbs to its end.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(string input, params string[] arguments)
    {
        var launch = await Launch.RunAsync(Program, All(arguments), input: input);
        Assert.True(launch.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {launch.ExitCode}: {launch.Output}{launch.Error}");
        return launch.Output;
    }

    /// <summary>Starts it, waits for the line that says it is ready, and ends it in order once <paramref name="use"/> is done.</summary>
    /// <param name="arguments">Of the start.</param>
    /// <param name="use">Is given the address of each listener.</param>
    public async Task ServeAsync(IReadOnlyList<string> arguments, Func<string[], Task> use)
    {
        var start = new ProcessStartInfo(Program, All(arguments)) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        void Kill(object? sender, EventArgs e) => process.Kill(entireProcessTree: true);
        AppDomain.CurrentDomain.ProcessExit += Kill;
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            using var patience = new CancellationTokenSource(Deadline);
            string? line;
            do line = await process.StandardOutput.ReadLineAsync(patience.Token);
            while (line is not null && !Ready().IsMatch(line));
            if (line is null) throw new InvalidOperationException($"it ended before it was ready: {await errors}");
            await use(Ready().Match(line).Groups[1].Value.Split(", "));
            await Launch.RunAsync("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"it ended with {process.ExitCode}: {await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {Path} to be ready, used and ended: {await errors}");
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= Kill;
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>A topic is created, a record written, and read again.</summary>
    public async Task UseAsync(string server)
    {
        await RunAsync("", "topic", "create", "orders", "--partitions", "1", "--server", server);
        await RunAsync("order-1:hello\n", "produce", "orders", "--key-separator", ":", "--server", server);
        Assert.Equal("0 order-1 hello", (await RunAsync("", "consume", "orders", "--count", "1", "--output", "%o %k %v", "--server", server)).Trim());
    }

    private string Program => Environment is null ? Path : "env";

    private IEnumerable<string> All(IEnumerable<string> arguments) =>
        Environment is null ? arguments : ["-i", .. Environment.Select(static pair => $"{pair.Key}={pair.Value}"), Path, .. arguments];

    [GeneratedRegex(@" is ready on (.+?), data ")]
    private static partial Regex Ready();
}
