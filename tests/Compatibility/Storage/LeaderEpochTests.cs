using Moldau.Compatibility.Kafka;
using Moldau.Storage.Checkpoints;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>Random operations on our epoch cache and on Kafka's: the same entries, the same answers, the same file.</summary>
public class LeaderEpochTests(ITestOutputHelper output)
{
    private const int Caches = 40;
    private const int Operations = 80;

    [Fact]
    public async Task The_epoch_cache_answers_as_Kafkas_does()
    {
        KafkaJars.Require();

        var differences = await DifferencesAsync(Caches, (cache, epoch, logEnd) => cache.EndOffsetFor(epoch, logEnd));

        Assert.True(differences.Count == 0, $"{TestSeed.Text}: {differences.Count} differ:\n{string.Join("\n", differences.Take(10))}");
    }

    /// <summary>The break: a cache that answers as Kafka did before epochs could be missing must be noticed.</summary>
    [Fact]
    public async Task A_cache_that_names_the_epoch_asked_for_is_reported()
    {
        KafkaJars.Require();

        var differences = await DifferencesAsync(caches: 3, (cache, epoch, logEnd) =>
            cache.EndOffsetFor(epoch, logEnd) is { Epoch: >= 0 } end ? end with { Epoch = epoch } : EpochEnd.Unknown);

        Assert.NotEmpty(differences);
        Assert.All(differences, difference => Assert.Contains(" epochs end ", difference, StringComparison.Ordinal));
    }

    private async Task<List<string>> DifferencesAsync(int caches, Func<LeaderEpochCache, int, long, EpochEnd> endOffsetFor)
    {
        var random = TestSeed.For(nameof(LeaderEpochTests));
        using var kafka = new KafkaFiles();
        var expected = new List<(string Question, string Answer)>();
        void Expect(string question, string answer)
        {
            kafka.Ask(question);
            expected.Add((question, answer));
        }

        for (var i = 0; i < caches; i++)
        {
            var (ours, theirs) = (kafka.PathOf($"ours{i}"), kafka.PathOf($"theirs{i}"));
            var cache = new LeaderEpochCache(new LeaderEpochCheckpoint(kafka.Disk, ours));
            Expect("epochs open " + theirs, "[]");
            var (epoch, offset) = (0, 0L);
            for (var k = 0; k < Operations; k++)
            {
                switch (random.Next(10))
                {
                    case < 4:
                        // Mostly what leaders do, now and then what contradicts it.
                        epoch = random.Next(6) == 0 ? random.Next(epoch + 1) : epoch + random.Next(4);
                        offset = random.Next(6) == 0 ? random.NextInt64(offset + 1) : offset + random.Next(50);
                        cache.Assign(epoch, offset);
                        Expect($"epochs assign {epoch} {offset}", Text(cache));
                        break;
                    case 4 when random.Next(3) == 0:
                        var end = random.NextInt64(-1, offset + 20);
                        cache.TruncateFromEnd(end);
                        Expect($"epochs cut-end {end}", Text(cache));
                        break;
                    case 5 when random.Next(3) == 0:
                        var start = random.NextInt64(-1, offset / 2 + 20);
                        cache.TruncateFromStart(start);
                        Expect($"epochs cut-start {start}", Text(cache));
                        break;
                    case 6:
                        var wanted = random.NextInt64(offset + 30);
                        Expect($"epochs of {wanted}", cache.EpochOf(wanted)?.ToString() ?? "none");
                        break;
                    default:
                        var asked = random.Next(-1, epoch + 4);
                        var answer = endOffsetFor(cache, asked, offset + 10);
                        Expect($"epochs end {asked} {offset + 10}", $"{answer.Epoch}:{answer.Offset}");
                        break;
                }
            }

            cache.Save();
            // Kafka reads our file, too.
            Expect("epochs open " + ours, Text(cache));
        }

        var answers = await kafka.AnswersAsync("Kafka's epoch cache");
        var differences = expected.Zip(answers, (ours, theirs) => (ours.Question, Ours: ours.Answer, Theirs: theirs))
            .Select((pair, number) => pair.Ours == pair.Theirs ? null : $"operation {number}, {pair.Question}: Kafka's {pair.Theirs}, ours {pair.Ours}")
            .OfType<string>().ToList();
        for (var i = 0; i < caches; i++)
        {
            if (!kafka.Bytes($"theirs{i}").AsSpan().SequenceEqual(kafka.Bytes($"ours{i}"))) differences.Add($"the bytes of file {i}");
        }

        output.WriteLine($"{TestSeed.Text}: {expected.Count} operations on {caches} caches");
        return differences;
    }

    private static string Text(LeaderEpochCache cache) => $"[{string.Join(' ', cache.Entries.Select(entry => $"{entry.Epoch}:{entry.Offset}"))}]";
}
