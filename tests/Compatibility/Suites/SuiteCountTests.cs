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
        var onNeither = Under(lines, "## Passes on neither").Sum(static cell => int.Parse(cell, CultureInfo.InvariantCulture));
        var hereOnly = Under(lines, "## Passes here only").Sum(static cell => int.Parse(cell, CultureInfo.InvariantCulture));
        Assert.Equal(Told(lines, "on neither"), onNeither);
        Assert.Equal(Told(lines, "on Kafka only"), onKafkaOnly);
        Assert.Equal(Told(lines, "here only"), hereOnly);
        Assert.Equal(Count(lines, "| Apache Kafka 4.3.1 | ") - onKafkaOnly + hereOnly, Count(lines, "| this broker | "));
    }

    /// <summary>What the sentence below the counts says: a number, or none.</summary>
    private static int Told(string[] lines, string where)
    {
        var sentence = lines.Single(static line => line.Contains(" pass on both, ", StringComparison.Ordinal));
        var number = Regex.Match(sentence, $@"(\w+) {where}").Groups[1].Value;
        return number == "none" ? 0 : int.Parse(number, CultureInfo.InvariantCulture);
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
