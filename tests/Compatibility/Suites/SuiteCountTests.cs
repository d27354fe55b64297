using System.Globalization;
using System.Text.RegularExpressions;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Suites;

/// <summary>What docs/compatibility counts of suites that were run by hand: the counts must be those of the rows that explain them.</summary>
public sealed partial class SuiteCountTests
{
    [Theory]
    [InlineData("kafkajs.md")]
    [InlineData("platformatic.md")]
    public void The_counts_are_those_of_the_tables(string document)
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "docs", "compatibility", document));
        var onKafkaOnly = Under(lines, "## Passes on Kafka only").Count;
        var hereOnly = Under(lines, "## Passes here only").Sum(static cell => int.Parse(cell, CultureInfo.InvariantCulture));
        Assert.NotEqual(0, onKafkaOnly);
        Assert.Equal(Count(lines, "| Apache Kafka 4.3.1 | ") - onKafkaOnly + hereOnly, Count(lines, "| this broker | "));
    }

    /// <returns>The second cell of each row.</returns>
    private static List<string> Under(string[] lines, string heading)
    {
        var section = lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal));
        return [.. section.Select(static line => Row().Match(line)).Where(static row => row.Success).Select(static row => row.Groups[1].Value)];
    }

    private static int Count(string[] lines, string row) =>
        int.Parse(lines.Single(line => line.StartsWith(row, StringComparison.Ordinal))[row.Length..].TrimEnd(' ', '|'), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| `[^`]+` \| ([^|]+) \|")]
    private static partial Regex Row();
}
