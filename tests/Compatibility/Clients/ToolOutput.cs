using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Moldau.Compatibility.Clients;

/// <summary>What a tool printed, without what is a broker's own: ports, ids, times, speeds, the words of an error, the tool's own log.</summary>
internal static partial class ToolOutput
{
    /// <summary>These tools list as their maps have it, and several partitions are read in any order.</summary>
    private static readonly string[] s_unordered =
        ["acls ", "client-metrics ", "delegation-tokens ", "delete-records ", "consumer-groups ", "share-groups ", "groups ", "streams-groups ", "transactions ", "verifiable-producer --topic tools-g ", "verifiable-producer --topic shared ", "console-consumer --topic tools-g --group ", "console-share-consumer --topic shared ", "console-consumer --include "];

    /// <summary>The output of each command, in their order.</summary>
    public static List<string> Each(IEnumerable<string> lines, string port, string data)
    {
        var outputs = new List<string>();
        foreach (var line in lines)
        {
            if (line.StartsWith("== ", StringComparison.Ordinal)) outputs.Add("");
            else if (!IsNoise(line)) outputs[^1] += Normal(line, port, data) + "\n";
        }

        return outputs;
    }

    /// <summary>How many milliseconds each command took.</summary>
    public static List<int> Took(IEnumerable<string> lines) =>
        [.. lines.Where(static line => line.StartsWith("== ", StringComparison.Ordinal)).Select(static line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))];

    /// <summary>Whether what should have been said in the end was not.</summary>
    public static bool IsInVain(string output) => output.Contains("waited in vain", StringComparison.Ordinal);

    /// <summary>The same thing of both sides, where one has what the other has not yet, or lists in no order.</summary>
    public static (string Theirs, string Ours) Comparable(string command, string theirs, string ours)
    {
        (theirs, ours) = (GroupToolOutput.Comparable(command, theirs), GroupToolOutput.Comparable(command, ours));
        if (s_unordered.Any(tool => command.StartsWith(tool, StringComparison.Ordinal))) return (Sorted(theirs), Sorted(ours));
        if (command.StartsWith("log-dirs ", StringComparison.Ordinal)) return (FoldersInOrder(theirs), FoldersInOrder(ours));
        if (command != "api-versions") return (theirs, ours);
        // What only one of them serves is compared by the scripts.
        var missing = ours.Split('\n').Concat(theirs.Split('\n')).Where(static line => line.Contains("UNSUPPORTED", StringComparison.Ordinal)).Select(static line => line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)]).ToList();
        return (Without(missing, theirs), Without(missing, ours));
    }

    /// <summary>The tool lists folders, and logs in them, as its map has them.</summary>
    private static string FoldersInOrder(string text) => string.Join('\n', text.Split('\n').Select(static line =>
    {
        if (!line.StartsWith("{\"", StringComparison.Ordinal)) return line;
        var told = JsonNode.Parse(line.Replace(": *", ":0", StringComparison.Ordinal))!;
        foreach (var broker in told["brokers"]!.AsArray())
        {
            foreach (var folder in broker!["logDirs"]!.AsArray()) Sort(folder!.AsObject(), "partitions", "partition");
            Sort(broker.AsObject(), "logDirs", "logDir");
        }

        return told.ToJsonString();
    }));

    private static void Sort(JsonObject parent, string list, string name) =>
        parent[list] = new JsonArray([.. parent[list]!.AsArray().OrderBy(one => (string?)one![name], StringComparer.Ordinal).Select(static one => one!.DeepClone())]);

    private static string Sorted(string text) => string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));

    private static string Without(List<string> beginnings, string text) =>
        string.Join('\n', text.Split('\n').Where(line => !beginnings.Exists(beginning => line.StartsWith(beginning, StringComparison.Ordinal))).Select(static line => line.TrimEnd(',')));

    private static bool IsNoise(string line) => line.Trim().Length == 0 || Noise().IsMatch(line);

    private static string Normal(string line, string port, string data)
    {
        // Times before the port: one in so many has its digits.
        var told = Times().Replace(line.Replace(data, "DATA", StringComparison.Ordinal), "TIME");
        told = told.Replace(port, "PORT", StringComparison.Ordinal);
        told = Ids().Replace(told, "$1ID");
        told = Measures().Replace(told, "$1 *");
        return Reasons().Replace(told, "$1 a reason");
    }

    // A setting that Kafka has not, or not yet, is one of our own matters.
    [GeneratedRegex(@"records/sec|^\s+(moldau|errors\.deadletterqueue)\.|^(\[\d{4}-|SLF4J|WARNING|ERROR StatusLogger|\s+at |\s+\.\.\. \d+ more)")]
    private static partial Regex Noise();

    [GeneratedRegex(@"(TopicId: |Cluster ID: |ClusterId:\s+)\S+")]
    private static partial Regex Ids();

    [GeneratedRegex(@"\b1[6-9]\d{11}\b")]
    private static partial Regex Times();

    // How many bytes a record takes depends on how long after the batch's first it was made.
    [GeneratedRegex(@"((?:crc|position|\bsize):|""size"":)\s?\d+")]
    private static partial Regex Measures();

    [GeneratedRegex(@"(Error while executing [A-Za-z ]* ?:|\bError:|org\.apache\.kafka\.common\.errors\.\w+Exception:|(?:Could|Can) not (?:up|down)grade [\w.]+ to \d+\.).*")]
    private static partial Regex Reasons();
}
