using System.Diagnostics;
using System.Text.RegularExpressions;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Launcher;

/// <summary>The commands the README prints do what it says, typed one after the other.</summary>
public sealed partial class ReadmeCommandsTests : IDisposable
{
    private const string PrintedAddress = "127.0.0.1:9092";
    private const string PlainFence = "```";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("moldau-readme-");

    public ReadmeCommandsTests() => File.CreateSymbolicLink(Path.Combine(_folder.FullName, "moldau"), Path.Combine(RepositoryPaths.Root, "moldau"));

    [Fact]
    public void Every_command_of_the_start_is_known_here() =>
        // ./test is what runs this, and ./pack has tests of its own.
        Assert.Equal(["./moldau dev", "./moldau start", "./moldau doctor", "./test --fast", "./pack"], Commands(0));

    [Theory]
    [InlineData("./moldau dev")]
    [InlineData("./moldau start")]
    public async Task A_broker_starts_and_the_first_message_goes_through_it(string command)
    {
        using var broker = await StartAsync(command);
        var lines = Commands(1).Where(static line => !line.StartsWith("kcat", StringComparison.Ordinal) || HasKcat()).ToList();
        Assert.InRange(lines.Count, 3, 10);

        var script = string.Join('\n', lines).Replace(PrintedAddress, broker.Address, StringComparison.Ordinal);
        var launch = await Launch.RunAsync("bash", ["-euo", "pipefail", "-c", script], Server(broker.Address), _folder.FullName);

        Assert.True(launch.ExitCode == 0, launch.Error);
        Assert.Matches(@"orders [0-2] 0 order-1 \{""total"": 12\}", launch.Output);
        Assert.Equal(command.EndsWith("start", StringComparison.Ordinal), Directory.Exists(Path.Combine(_folder.FullName, "moldau-data")));
    }

    [Fact]
    public async Task The_doctor_looks_at_this_machine()
    {
        var launch = await Launch.RunAsync("bash", ["-c", "./moldau doctor"], null, _folder.FullName);

        // What it finds is the machine's affair; 2 would be a fault of the command.
        Assert.InRange(launch.ExitCode, 0, 1);
        Assert.NotEmpty(launch.Output);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The lines of the README's n-th plain fence, without what they say of themselves.</summary>
    private static List<string> Commands(int fence)
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "README.md"));
        var at = -1;
        for (var i = 0; i <= fence; i++)
        {
            at = Array.IndexOf(lines, PlainFence, at + 1);
            if (i < fence) at = Array.IndexOf(lines, PlainFence, at + 1);
        }

        return [.. lines[(at + 1)..].TakeWhile(static line => line != PlainFence).Select(static line => Remark().Replace(line, ""))];
    }

    private static bool HasKcat() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "kcat")));

    private static Dictionary<string, string?> Server(string address) => new() { ["MOLDAU_SERVER"] = address };

    /// <summary>On ports that are free, which is all that is not as printed.</summary>
    private async Task<Started> StartAsync(string command)
    {
        var process = Process.Start(new ProcessStartInfo("bash", ["-c", $"exec {command} --listen 127.0.0.1:0 --http none"])
        {
            WorkingDirectory = _folder.FullName, RedirectStandardOutput = true,
        })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (Ready().Match(line) is { Success: true } ready) return new Started(process, ready.Groups[1].Value);
            }
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        throw new InvalidOperationException($"{command} ended before it was ready");
    }

    [GeneratedRegex(@"\s+# .*$")]
    private static partial Regex Remark();

    [GeneratedRegex(@"is ready on (127\.0\.0\.1:\d+)")]
    private static partial Regex Ready();

    private sealed record Started(Process Process, string Address) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill(entireProcessTree: true);
            Process.WaitForExit();
            Process.Dispose();
        }
    }
}
