using Moldau.Shared;

namespace Moldau.Compatibility.Clients;

/// <summary>The command lines in <c>tools.script</c>, for one broker.</summary>
internal sealed class ToolScript(string server, string data, string files)
{
    private const string Tools = "org.apache.kafka.tools.";

    private static readonly Dictionary<string, string> Classes = new()
    {
        ["api-versions"] = Tools + "BrokerApiVersionsCommand",
        ["client-metrics"] = Tools + "ClientMetricsCommand",
        ["cluster"] = Tools + "ClusterTool",
        ["configs"] = "kafka.admin.ConfigCommand",
        ["console-consumer"] = Tools + "consumer.ConsoleConsumer",
        ["console-producer"] = Tools + "ConsoleProducer",
        ["delete-records"] = Tools + "DeleteRecordsCommand",
        ["dump-log"] = Tools + "DumpLogSegments",
        ["features"] = Tools + "FeatureCommand",
        ["get-offsets"] = Tools + "GetOffsetShell",
        ["leader-election"] = Tools + "LeaderElectionCommand",
        ["log-dirs"] = Tools + "LogDirsCommand",
        ["metadata-quorum"] = Tools + "MetadataQuorumCommand",
        ["producer-perf"] = Tools + "ProducerPerformance",
        ["reassign-partitions"] = Tools + "reassign.ReassignPartitionsCommand",
        ["topics"] = Tools + "TopicCommand",
        ["transactions"] = Tools + "TransactionsCommand",
        ["verifiable-producer"] = Tools + "VerifiableProducer",
    };

    public static IEnumerable<string> Names => Classes.Keys;

    /// <summary>The commands as they stand in the script, without the server they all have.</summary>
    public static IReadOnlyList<string> Commands { get; } = [.. Lines().Where(static line => line[0] != '@').Select(static line => line.Replace(" --bootstrap-server $SERVER", "", StringComparison.Ordinal).Split(" ?")[0])];

    /// <summary>What the program that runs the tools takes: a line each; the files they need are written.</summary>
    public IEnumerable<string> Prepare()
    {
        foreach (var line in Lines())
        {
            if (line[0] == '@')
            {
                var parts = line[1..].Split(' ', 2, StringSplitOptions.TrimEntries);
                File.WriteAllText(Path.Combine(files, parts[0]), parts[1].Replace("\\n", "\n", StringComparison.Ordinal).Replace("$DATA", data, StringComparison.Ordinal));
                continue;
            }

            var words = line.Split(' ').Select(word => word.Replace("$SERVER", server, StringComparison.Ordinal).Replace("$DATA", data, StringComparison.Ordinal).Replace("$FILES", files, StringComparison.Ordinal)).ToList();
            if (words[^2] == "<") words = [.. words[..^2], "<" + Path.Combine(files, words[^1])];
            if (words[^1][0] == '?') words[^1] = words[^1].Replace('~', ' ');
            words[0] = Classes[words[0]];
            yield return string.Join('\t', words);
        }
    }

    private static IEnumerable<string> Lines() =>
        File.ReadLines(Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "Clients", "tools.script")).Where(static line => line.Length > 0 && line[0] != '#');
}
