using System.Text.RegularExpressions;

namespace Moldau.Compatibility.Clients;

/// <summary>What a tool printed about groups and transactions, without ids that are drawn, times that passed, and how wide its columns are.</summary>
internal static partial class GroupToolOutput
{
    public static string Comparable(string command, string output) => command.Split(' ')[0] switch
    {
        "consumer-groups" or "share-groups" or "groups" => Columns(Names().Replace(DrawnId().Replace(output, "$1ID"), static names => string.Join(", ", names.Value.Split(", ").Order(StringComparer.Ordinal)))),
        "transactions" => Columns(Duration().Replace(output, "$1 *")),
        "share-consumer-perf" => SharedSpeeds().Replace(output, "*, *, $1, *, *, $2, *"),
        "consumer-perf" => Speeds().Replace(output, "*, *, $1, *, $2, *"),
        "e2e-latency" => Number().Replace(output, "*"),
        "streams-groups" => Streams(command, output),
        "streams-application-reset" => DrawnId().Replace(output, "$1ID"),
        "verifiable-producer" or "verifiable-consumer" or "verifiable-share-consumer" => Fields(output),
        "dump-log" when command.Contains("-decoder", StringComparison.Ordinal) => Payloads(output),
        _ => output,
    };

    /// <summary>
    /// The last record of each key: which of them came into one batch, and how often a member committed, is a matter of when. The
    /// group of <c>e2e-latency</c> is named after the time, and lies in another partition in each run.
    /// </summary>
    private static string Payloads(string output)
    {
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n').Where(static line => line.Contains("payload:", StringComparison.Ordinal) && !line.Contains("test-group-", StringComparison.Ordinal)))
        {
            var record = Before().Replace(line, "");
            last[record[..record.IndexOf("payload:", StringComparison.Ordinal)]] = Hash().Replace(DrawnId().Replace(record, "$1ID"), "$1*");
        }

        return string.Join('\n', last.Values.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Java tells an object's fields, and a set's offsets, in the order in which it has come upon them. A consumer that is assigned partitions before it
    /// knows their topic's name tells of none first.
    /// </summary>
    private static string Fields(string output) =>
        string.Join('\n', output.Split('\n').Where(static line => !line.Contains("\"partitions_assigned\",\"partitions\":[]", StringComparison.Ordinal)).Select(static line => string.Join(',', line.Split(',', '{', '}', '[', ']').Order(StringComparer.Ordinal))));

    /// <summary>How often a group's epoch has grown when all is quiet is a matter of who joined first, and when its topics were made.</summary>
    private static string Streams(string command, string output)
    {
        var told = Thread().Replace(DrawnId().Replace(output, "$1ID"), "$1*");
        if (command.Contains("--verbose", StringComparison.Ordinal) && !command.Contains("--offsets", StringComparison.Ordinal)) told = Epoch().Replace(told, " * ");
        return Columns(told);
    }

    private static string Columns(string output) => string.Join('\n', Blanks().Replace(output, " ").Split('\n').Select(static line => line.TrimEnd()));

    // A member of the older protocol has its client's id in front of it, one of the newer protocol nothing.
    [GeneratedRegex(@"(\b[\w.-]+?-)?\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<![\w-])[\w-]{22}(?![\w-])")]
    private static partial Regex DrawnId();

    [GeneratedRegex(@"\b((?:Ongoing|Prepare\w+|Complete\w+)\s+\d+\s+TIME)\s+\d+")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d [^,]*, [^,]*, ([\d.]+), [^,]*, (\d+), .*")]
    private static partial Regex Speeds();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d [^,]*, [^,]*, ([\d.]+), [^,]*, [^,]*, (\d+), .*")]
    private static partial Regex SharedSpeeds();

    [GeneratedRegex(@"\d+(\.\d+)?(E-?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"(""metadataHash"":)-?\d+")]
    private static partial Regex Hash();

    [GeneratedRegex(@"^.*?(?=\bkey:)")]
    private static partial Regex Before();

    [GeneratedRegex(@"(StreamThread-)\d+")]
    private static partial Regex Thread();

    [GeneratedRegex(@" \d+(?= )")]
    private static partial Regex Epoch();

    [GeneratedRegex(@"'[^' ]+'(, '[^' ]+')+")]
    private static partial Regex Names();

    [GeneratedRegex(@"[ \t]+")]
    private static partial Regex Blanks();
}
