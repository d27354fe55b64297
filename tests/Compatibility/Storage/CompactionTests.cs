using System.Globalization;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>The same log, compacted by Kafka's cleaner and by ours.</summary>
public class CompactionTests(ITestOutputHelper output)
{
    private const int Passes = 6;

    [Fact]
    public async Task Kafka_keeps_what_we_keep()
    {
        KafkaJars.Require();
        using var files = new KafkaFiles();
        var random = TestSeed.For(nameof(Kafka_keeps_what_we_keep));
        var script = new CompactionScript(files, random);
        for (var pass = 0; pass < Passes; pass++)
        {
            script.Write(random.Next(20, 500));
            await script.CompactAsync();
            // Now and then past the horizon of what the pass before has found superseded.
            script.Clock.Milliseconds += random.Next(2) * 2 * CompactionScript.DeleteRetention;
        }

        var answers = Answers(await KafkaJars.RunAsync("Kafka's cleaner", TimeSpan.FromSeconds(180), "Compactions", script.Commands));
        var told = script.Commands.Index().Where(command => command.Item.StartsWith("compact ", StringComparison.Ordinal))
            .Select(command => (List<string>)[.. answers[command.Index], .. answers[command.Index + 1]]).ToList();
        Assert.DoesNotContain(answers.SelectMany(lines => lines), line => line.StartsWith("refused", StringComparison.Ordinal));
        var places = 0;
        for (var pass = 0; pass < Passes; pass++)
        {
            // Where those places lie also decides what fits into one segment with its neighbours.
            var (ours, theirs) = (Without("segment ", WithoutPlaces(script.Shown[pass], told[pass])), Without("segment ", told[pass]));
            places += Without("segment ", script.Shown[pass]).Count - ours.Count;
            Assert.True(theirs.SequenceEqual(ours), $"{TestSeed.Text}, pass {pass}: {Difference(theirs, ours)}");
        }

        var last = told[^1];
        output.WriteLine($"{TestSeed.Text}: {script.Log.EndOffset} offsets, {Count(last, "record")} records in {Count(last, "batch")} batches and {Count(last, "segment")} segments are left, "
            + $"{told.Sum(lines => Count(lines, "aborted"))} aborted transactions, {told.Sum(lines => lines.Count(line => line.Contains(" x", StringComparison.Ordinal) && line.EndsWith(" -", StringComparison.Ordinal)))} tombstones seen, {places} places of ours");
    }

    [Fact]
    public async Task Kafka_reads_what_we_have_compacted()
    {
        KafkaJars.Require();
        using var files = new KafkaFiles();
        var random = TestSeed.For(nameof(Kafka_reads_what_we_have_compacted));
        var script = new CompactionScript(files, random);
        for (var pass = 0; pass < 3; pass++)
        {
            script.Write(400);
            await script.CompactAsync();
            script.Clock.Milliseconds += pass * 2 * CompactionScript.DeleteRetention;
        }

        script.Write(50);
        long[] times = [.. Enumerable.Range(0, 40).Select(i => LogScript.Start + i * 5000), 0, long.MaxValue];
        var expected = LogTold.Lines(script.Log, times);
        script.Close();
        var names = Directory.GetFiles(script.Folder).Where(path => Path.GetFileName(path).Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        var answers = Answers(await KafkaJars.RunAsync(
            "Kafka's log", TimeSpan.FromSeconds(180), "LogFolders",
            ["dump " + string.Join(' ', names), $"read {script.Folder} clean {script.Log.EndOffset} {string.Join(' ', times)}", $"read {script.Folder} unclean 0 {string.Join(' ', times)}"]));

        Assert.DoesNotContain(answers[0], line => line.Contains("mismatch", StringComparison.OrdinalIgnoreCase)
            || line.Contains("Found ", StringComparison.Ordinal) || line.StartsWith("Out of order", StringComparison.Ordinal)
            || line.Contains("isvalid: false", StringComparison.Ordinal) || line.StartsWith("refused", StringComparison.Ordinal)
            || line.Contains("Could not", StringComparison.OrdinalIgnoreCase) || line.Contains("corrupt", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(expected.Count(line => line.StartsWith("batch ", StringComparison.Ordinal)), answers[0].Count(line => line.StartsWith("baseOffset:", StringComparison.Ordinal)));
        // Kafka looks for a time only in the first segment whose greatest is high enough. That may be the one of a batch which
        // has lost its records, as its own cleaner leaves them, too: then it finds none where there is one.
        var notFound = answers[1].Concat(answers[2]).Where(static line => line.StartsWith("time ", StringComparison.Ordinal) && line.EndsWith(" none", StringComparison.Ordinal))
            .Select(static line => line[..^"none".Length]).ToHashSet(StringComparer.Ordinal);
        foreach (var lines in (List<string>[])[expected, answers[1], answers[2]]) lines.RemoveAll(line => notFound.Any(time => line.StartsWith(time, StringComparison.Ordinal)));
        Assert.InRange(notFound.Count, 0, times.Length / 2);
        Assert.Equal(expected, answers[1]);
        // From all of its bytes, and none of its snapshots. What is left then says of most aborted transactions only that they
        // have ended: the index that Kafka builds again has fewer entries, and other beginnings in them.
        var (left, rebuilt) = (Without("aborted ", expected), Without("aborted ", answers[2]));
        Assert.True(left.SequenceEqual(rebuilt), $"{TestSeed.Text}: {Difference(rebuilt, left)}");
        Assert.Subset(Aborts(expected), Aborts(answers[2]));
        output.WriteLine($"{TestSeed.Text}: {names.Length} files, {answers[0].Count} lines of the dump, {answers[1].Count} told the same");
    }

    private static List<string> Without(string kind, List<string> lines) => lines.FindAll(line => !line.StartsWith(kind, StringComparison.Ordinal));

    private static HashSet<(string Producer, string Marker)> Aborts(List<string> lines) => lines.FindAll(static line => line.StartsWith("aborted ", StringComparison.Ordinal))
        .ConvertAll(static line => line.Split(' ')).Select(static words => (words[1], words[3])).ToHashSet();

    /// <summary>
    /// The one wanted difference: the last batch of each segment of ours stays, empty and nobody's, where Kafka leaves
    /// nothing, so that a segment goes on to where the next begins.
    /// </summary>
    private static List<string> WithoutPlaces(List<string> ours, List<string> theirs)
    {
        var ends = ours.Where(line => line.StartsWith("segment ", StringComparison.Ordinal)).Select(line => long.Parse(line.AsSpan("segment ".Length), CultureInfo.InvariantCulture)).ToHashSet();
        var known = theirs.ToHashSet(StringComparer.Ordinal);
        return ours.FindAll(line => known.Contains(line) || !IsPlace(line, ends));
    }

    private static bool IsPlace(string line, HashSet<long> ends)
    {
        var words = line.Split(' ');
        return words is ["batch", _, var last, _, "0", "-1", "-1", "-1", "none", ..] && ends.Contains(long.Parse(last, CultureInfo.InvariantCulture) + 1);
    }

    private static List<List<string>> Answers(IReadOnlyList<string> lines)
    {
        var answers = new List<List<string>> { new() };
        foreach (var line in lines)
        {
            if (line == "end") answers.Add([]);
            else answers[^1].Add(line);
        }

        answers.RemoveAt(answers.Count - 1);
        return answers;
    }

    private static int Count(List<string> lines, string kind) => lines.Count(line => line.StartsWith(kind + " ", StringComparison.Ordinal));

    private static string Difference(List<string> theirs, List<string> ours)
    {
        var place = 0;
        while (place < theirs.Count && place < ours.Count && theirs[place] == ours[place]) place++;
        return $"Kafka has\n{string.Join('\n', theirs.Skip(place).Take(4))}\nand we have\n{string.Join('\n', ours.Skip(place).Take(4))}\nbehind\n{string.Join('\n', ours.Take(place).TakeLast(3))}";
    }
}
