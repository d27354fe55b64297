using System.Globalization;
using System.Text.RegularExpressions;
using Moldau.Compatibility.Differential;
using Moldau.Compatibility.Kafka;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>
/// Kafka's own command line tools, with the same words against both brokers: what they print must be the same, but for
/// what docs/compatibility/tools.md lists.
/// </summary>
public sealed partial class KafkaToolTests(BrokerPair brokers, ITestOutputHelper output) : IClassFixture<BrokerPair>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(420);

    private static string Page => File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "compatibility", "tools.md"));

    [Fact]
    public async Task Tools_print_the_same_for_both_brokers()
    {
        KafkaJars.Require();
        var since = TimeProvider.System.GetTimestamp();
        var both = await Task.WhenAll(RunAsync(brokers.Kafkas.Port, brokers.KafkasData), RunAsync(brokers.Ours.Port, brokers.OursData));
        var (theirs, ours) = (both[0].Outputs, both[1].Outputs);
        Assert.Equal(ToolScript.Commands.Count, theirs.Count);
        Assert.Equal(ToolScript.Commands.Count, ours.Count);
        Assert.Equal("Created topic tools.\n", theirs[0]);

        var wanted = DifferentCommand().Matches(Page).Select(static found => found.Groups[1].Value).ToHashSet();
        var faults = new List<string>();
        for (var i = 0; i < ours.Count; i++)
        {
            var command = ToolScript.Commands[i];
            if (ToolOutput.IsInVain(theirs[i]) || ToolOutput.IsInVain(ours[i]))
            {
                faults.Add($"{command}\non Kafka:\n{theirs[i]}\non Moldau:\n{ours[i]}\n");
                continue;
            }

            var (their, our) = ToolOutput.Comparable(command, theirs[i], ours[i]);
            if (their != our && !wanted.Remove(command)) faults.Add($"{command}\non Kafka:\n{their}\non Moldau:\n{our}\n");
            else if (their == our && wanted.Remove(command)) faults.Add($"{command}: the page says it differs, and it does not");
        }

        faults.AddRange(wanted.Select(static command => $"{command}: the page says it differs, and it is not in the script"));
        output.WriteLine($"{ours.Count} command lines on both brokers in {TimeProvider.System.GetElapsedTime(since).TotalSeconds:0} s");
        foreach (var (name, run) in new[] { ("Kafka", both[0]), ("Moldau", both[1]) })
        {
            output.WriteLine($"on {name}: {run.Took.Sum() / 1000.0:0} s, and the longest of them");
            foreach (var (took, command) in run.Took.Zip(ToolScript.Commands).OrderByDescending(static one => one.First).Take(10)) output.WriteLine($"{took,8} ms {command}");
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task The_page_has_a_row_for_every_tool_there_is()
    {
        KafkaJars.Require();
        var tools = (await ChildProcess.RunAsync("the names of Kafka's tools", TimeSpan.FromSeconds(60), KafkaJars.Script, ["tools"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rows = ToolRow().Matches(Page).ToDictionary(static row => row.Groups[1].Value, static row => row.Groups[2].Value != "not yet");
        Assert.Equal(tools.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(ToolScript.Names.Order(StringComparer.Ordinal), rows.Where(static row => row.Value).Select(static row => row.Key).Order(StringComparer.Ordinal));
        Assert.All(ToolScript.Names, name => Assert.Contains(ToolScript.Commands, command => command.StartsWith(name + " ", StringComparison.Ordinal) || command == name));
    }

    private static async Task<(List<string> Outputs, List<int> Took)> RunAsync(int port, string data)
    {
        var files = Directory.CreateTempSubdirectory("moldau-tools-");
        try
        {
            var lines = new ToolScript(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), data, files.FullName).Prepare(ToolScript.Lines);
            var told = await KafkaJars.RunAsync("Kafka's tools", Deadline, "ToolRunner", lines);
            return (ToolOutput.Each(told, port.ToString(CultureInfo.InvariantCulture), data), ToolOutput.Took(told));
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"^\| `([a-z0-9-]+)` \| ([^|]*?) \|", RegexOptions.Multiline)]
    private static partial Regex ToolRow();

    [GeneratedRegex(@"^\| `([a-z-]+ [^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DifferentCommand();
}
