using System.Globalization;
using System.Text.RegularExpressions;
using Moldau.Shared;

namespace Moldau.Compatibility.Suites;

/// <summary>What docs/compatibility/librdkafka.md says of the suite's tests: those under a heading, by their names.</summary>
internal static partial class LibrdkafkaRecord
{
    public static SortedSet<string> Passing { get; }

    public static SortedSet<string> Difference { get; }

    /// <summary>Those that pass on Kafka neither.</summary>
    public static SortedSet<string> Neither { get; }

    public static int CountOnKafka { get; }

    public static int CountHere { get; }

    static LibrdkafkaRecord()
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "docs", "compatibility", "librdkafka.md"));
        Passing = Under(lines, "## Passes on both");
        Difference = Under(lines, "## Passes on Kafka only");
        Neither = Under(lines, "## Passes on neither");
        CountOnKafka = Count(lines, "| Apache Kafka 4.3.1 | ");
        CountHere = Count(lines, "| this broker | ");
    }

    /// <summary>The suite selects by number, which several tests may share.</summary>
    public static SortedSet<string> Numbers => [.. Passing.Concat(Difference).Concat(Neither).Select(static name => name[..4])];

    private static SortedSet<string> Under(string[] lines, string heading)
    {
        var section = lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal));
        return [.. section.Select(static line => Name().Match(line)).Where(static name => name.Success).Select(static name => name.Groups[1].Value)];
    }

    private static int Count(string[] lines, string row) =>
        int.Parse(lines.Single(line => line.StartsWith(row, StringComparison.Ordinal))[row.Length..].TrimEnd(' ', '|'), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| `(\d{4}_\w+)` \|")]
    private static partial Regex Name();
}
