using Moldau.Shared;

namespace Moldau.Compatibility.Clients;

/// <summary>Command lines of Kafka's tools, for one broker: those of a script beside this file.</summary>
/// <param name="plain">The address of a listener that asks nobody who he is; null where the server's is one.</param>
internal sealed class ToolScript(string server, string data, string files, string? plain = null)
{
    private const string Tools = "org.apache.kafka.tools.";

    /// <summary>No tools of Kafka's, but what its tools look at.</summary>
    private static readonly Dictionary<string, string> s_own = new() { ["standing"] = "Standing", ["transactional"] = "Transactions" };

    private static readonly Dictionary<string, string> Classes = new()
    {
        ["acls"] = Tools + "AclCommand",
        ["api-versions"] = Tools + "BrokerApiVersionsCommand",
        ["client-metrics"] = Tools + "ClientMetricsCommand",
        ["cluster"] = Tools + "ClusterTool",
        ["configs"] = "kafka.admin.ConfigCommand",
        ["console-consumer"] = Tools + "consumer.ConsoleConsumer",
        ["console-producer"] = Tools + "ConsoleProducer",
        ["console-share-consumer"] = Tools + "consumer.ConsoleShareConsumer",
        ["consumer-groups"] = Tools + "consumer.group.ConsumerGroupCommand",
        ["consumer-perf"] = Tools + "ConsumerPerformance",
        ["delegation-tokens"] = Tools + "DelegationTokenCommand",
        ["delete-records"] = Tools + "DeleteRecordsCommand",
        ["dump-log"] = Tools + "DumpLogSegments",
        ["e2e-latency"] = Tools + "EndToEndLatency",
        ["features"] = Tools + "FeatureCommand",
        ["get-offsets"] = Tools + "GetOffsetShell",
        ["groups"] = Tools + "GroupsCommand",
        ["leader-election"] = Tools + "LeaderElectionCommand",
        ["log-dirs"] = Tools + "LogDirsCommand",
        ["metadata-quorum"] = Tools + "MetadataQuorumCommand",
        ["producer-perf"] = Tools + "ProducerPerformance",
        ["reassign-partitions"] = Tools + "reassign.ReassignPartitionsCommand",
        ["share-consumer-perf"] = Tools + "ShareConsumerPerformance",
        ["share-groups"] = Tools + "consumer.group.ShareGroupCommand",
        ["streams-application-reset"] = Tools + "StreamsResetter",
        ["streams-groups"] = Tools + "streams.StreamsGroupCommand",
        ["topics"] = Tools + "TopicCommand",
        ["transactions"] = Tools + "TransactionsCommand",
        ["verifiable-consumer"] = Tools + "VerifiableConsumer",
        ["verifiable-producer"] = Tools + "VerifiableProducer",
        ["verifiable-share-consumer"] = Tools + "VerifiableShareConsumer",
    };

    public static IEnumerable<string> Names => Classes.Keys;

    /// <summary>Of all scripts that are held against docs/compatibility/tools.md.</summary>
    public static IReadOnlyList<string> Held { get; } = ["tools", "share"];

    public static List<string> LinesOf(string script) =>
        [.. File.ReadLines(Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "Clients", script + ".script")).Where(static line => line.Length > 0 && line[0] != '#')];

    /// <summary>The commands as they stand in the script, without the server they all have.</summary>
    public static List<string> CommandsOf(string script) =>
        [.. LinesOf(script).Where(static line => line[0] != '@').Select(static line => line.Replace(" --bootstrap-server $SERVER", "", StringComparison.Ordinal).Split(" ?")[0])];

    /// <summary>What the program that runs the tools takes: a line each; the files they need are written.</summary>
    public IEnumerable<string> Prepare(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (line[0] == '@')
            {
                var parts = line[1..].Split(' ', 2, StringSplitOptions.TrimEntries);
                File.WriteAllText(Path.Combine(files, parts[0]), parts[1].Replace("\\n", "\n", StringComparison.Ordinal).Replace("$DATA", data, StringComparison.Ordinal));
                continue;
            }

            var words = line.Split(' ').Select(word => word.Replace("$SERVER", server, StringComparison.Ordinal).Replace("$PLAIN", plain ?? server, StringComparison.Ordinal).Replace("$DATA", data, StringComparison.Ordinal).Replace("$FILES", files, StringComparison.Ordinal)).ToList();
            if (words[^2] == "<") words = [.. words[..^2], "<" + Path.Combine(files, words[^1])];
            if (words[^1][0] == '?') words[^1] = words[^1].Replace('~', ' ');
            words[0] = s_own.TryGetValue(words[0], out var own) ? own : Classes[words[0]];
            yield return string.Join('\t', words);
        }
    }
}
