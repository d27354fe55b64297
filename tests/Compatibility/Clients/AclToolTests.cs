using System.Globalization;
using Moldau.Compatibility.Differential;
using Moldau.Compatibility.Kafka;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>Kafka's tool for rules prints the same for both brokers where both ask by rules.</summary>
[Collection(nameof(AuthorizedPair))]
public sealed class AclToolTests(AuthorizedPair brokers)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task It_prints_the_same_for_both_brokers()
    {
        KafkaJars.Require();
        var lines = File.ReadLines(Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "Clients", "acls.script")).Where(static line => line.Length > 0 && line[0] != '#').ToList();
        var commands = lines.Where(static line => line[0] != '@').ToList();
        var both = await Task.WhenAll(RunAsync(lines, brokers.KafkasPort), RunAsync(lines, brokers.OursPort));
        var (theirs, ours) = (both[0], both[1]);
        Assert.Equal(commands.Count, theirs.Count);
        Assert.Contains("Adding ACLs for resource", theirs[0], StringComparison.Ordinal);
        var faults = new List<string>();
        for (var i = 0; i < commands.Count; i++)
        {
            var (their, our) = ToolOutput.Comparable(commands[i], Told(commands[i], theirs[i]), Told(commands[i], ours[i]));
            if (their != our) faults.Add($"{commands[i]}\non Kafka:\n{their}\non Moldau:\n{our}\n");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Behind a change the tool lists what there is, of which Kafka may not know yet.</summary>
    private static string Told(string command, string text) =>
        command.Contains(" --list", StringComparison.Ordinal) ? text : text.Split("Current ACLs", 2)[0];

    private static async Task<List<string>> RunAsync(List<string> lines, int port)
    {
        var files = Directory.CreateTempSubdirectory("moldau-acls-");
        try
        {
            var script = new ToolScript(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "none", files.FullName);
            var told = await KafkaJars.RunAsync("Kafka's tool for rules", Deadline, "ToolRunner", script.Prepare(lines));
            return ToolOutput.Each(told, port.ToString(CultureInfo.InvariantCulture), "nowhere-else");
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }
}
