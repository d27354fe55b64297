using System.Globalization;
using System.Text.RegularExpressions;
using Moldau.Compatibility.Differential;
using Moldau.Compatibility.Kafka;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>A script of Kafka's command line tools, with the same words for both brokers: what they print must be the same, but for what docs/compatibility/tools.md lists.</summary>
internal sealed partial class ToolComparison(BrokerPair brokers, ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(420);

    public static string Page => File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "compatibility", "tools.md"));

    /// <summary>The commands that the page says differ.</summary>
    public static HashSet<string> Different => [.. DifferentCommand().Matches(Page).Select(static found => found.Groups[1].Value)];

    /// <returns>What the tools said of Kafka's broker.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(string script)
    {
        var since = TimeProvider.System.GetTimestamp();
        var both = await Task.WhenAll(RunAsync(script, brokers.Kafkas.Port, brokers.KafkasData), RunAsync(script, brokers.Ours.Port, brokers.OursData));
        var (theirs, ours) = (both[0].Outputs, both[1].Outputs);
        var commands = ToolScript.CommandsOf(script);
        Assert.Equal(commands.Count, theirs.Count);
        Assert.Equal(commands.Count, ours.Count);
        output.WriteLine($"{ours.Count} command lines on both brokers in {TimeProvider.System.GetElapsedTime(since).TotalSeconds:0} s");
        foreach (var (name, run) in new[] { ("Kafka", both[0]), ("Moldau", both[1]) })
        {
            output.WriteLine($"on {name}: {run.Took.Sum() / 1000.0:0} s, and the longest of them");
            foreach (var (took, command) in run.Took.Zip(commands).OrderByDescending(static one => one.First).Take(10)) output.WriteLine($"{took,8} ms {command}");
        }

        var faults = Faults(commands, theirs, ours);
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        return theirs;
    }

    private static List<string> Faults(List<string> commands, List<string> theirs, List<string> ours)
    {
        var different = Different;
        var faults = new List<string>();
        for (var i = 0; i < ours.Count; i++)
        {
            var command = commands[i];
            var isInVain = ToolOutput.IsInVain(theirs[i]) || ToolOutput.IsInVain(ours[i]);
            var (their, our) = isInVain ? (theirs[i], ours[i]) : ToolOutput.Comparable(command, theirs[i], ours[i]);
            if (isInVain || (their != our && !different.Contains(command))) faults.Add($"{command}\non Kafka:\n{their}\non Moldau:\n{our}\n");
            else if (their == our && different.Contains(command)) faults.Add($"{command}: the page says it differs, and it does not");
        }

        return faults;
    }

    private static async Task<(List<string> Outputs, List<int> Took)> RunAsync(string script, int port, string data)
    {
        var files = Directory.CreateTempSubdirectory("moldau-tools-");
        try
        {
            var lines = new ToolScript(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), data, files.FullName).Prepare(ToolScript.LinesOf(script));
            var told = await KafkaJars.RunAsync("Kafka's tools", Deadline, "ToolRunner", lines);
            return (ToolOutput.Each(told, port.ToString(CultureInfo.InvariantCulture), data), ToolOutput.Took(told));
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"^\| `([a-z-]+ [^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DifferentCommand();
}
