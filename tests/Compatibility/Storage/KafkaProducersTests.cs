using Moldau.Compatibility.Kafka;
using Moldau.Storage.Producers;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>
/// The states of producers, step by step beside Kafka's own: after each one the decision, every producer's state, the
/// first unstable offset and the bytes of snapshots must be equal.
/// </summary>
public class KafkaProducersTests(ITestOutputHelper output)
{
    private const int Scripts = 60;
    private const int Steps = 120;

    [Fact]
    public async Task Random_lives_of_a_partition_are_decided_as_Kafka_decides_them()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(Random_lives_of_a_partition_are_decided_as_Kafka_decides_them));
        var lines = new List<string>();
        var answers = new List<string>();
        var decisions = new SortedDictionary<ProducerOutcome, int>();
        for (var i = 0; i < Scripts; i++)
        {
            var ours = new OurProducers();
            var script = new ProducerScript(random, ours);
            script.Play(Steps);
            lines.AddRange(script.Lines);
            answers.AddRange(script.Answers);
            foreach (var (outcome, count) in ours.Decisions) decisions[outcome] = decisions.GetValueOrDefault(outcome) + count;
        }

        var difference = await FirstDifferenceAsync(lines, answers);

        output.WriteLine($"{TestSeed.Text}: {lines.Count} steps compared; {string.Join(", ", decisions)}");
        Assert.True(difference is null, $"{TestSeed.Text}: {difference}");
        Assert.Equal(Enum.GetValues<ProducerOutcome>(), decisions.Keys);
    }

    /// <summary>
    /// Kafka writes a snapshot in the order of its hash table, which for few small ids is the order of the ids; with large
    /// ones its bytes are read and put into our order.
    /// </summary>
    [Fact]
    public async Task Snapshots_of_large_ids_hold_the_same_producers()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(Snapshots_of_large_ids_hold_the_same_producers));
        var script = new ProducerScript(random, new OurProducers(), idStep: 1_000_000_000_001);
        for (var i = 0; i < 10; i++) script.Play(Steps);

        var difference = await FirstDifferenceAsync(script.Lines, script.Answers);

        Assert.True(difference is null, $"{TestSeed.Text}: {difference}");
        Assert.Contains("snap", script.Lines);
    }

    /// <summary>The break: states that forget one producer's batches must be found out.</summary>
    [Fact]
    public async Task States_that_forget_a_producer_are_reported()
    {
        KafkaJars.Require();
        var script = new ProducerScript(new Random(1), new OurProducers { Forgets = 2 });
        script.Play(Steps);

        var difference = await FirstDifferenceAsync(script.Lines, script.Answers);

        Assert.Contains("data CLIENT 2", difference, StringComparison.Ordinal);
    }

    private static async Task<string?> FirstDifferenceAsync(IReadOnlyList<string> lines, IReadOnlyList<string> answers)
    {
        var theirs = await KafkaJars.RunAsync("Kafka's states of producers", TimeSpan.FromSeconds(120), "Producers", lines);
        Assert.Equal(lines.Count, theirs.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            if (theirs[i] == answers[i] || (lines[i] == "snap" && InOurOrder(theirs[i]) == answers[i])) continue;
            var before = string.Join('\n', lines.Take(i).Reverse().TakeWhile(line => !line.StartsWith("new", StringComparison.Ordinal)).Take(12).Reverse());
            return $"step {i} differs:\n{lines[i]}\nKafka {theirs[i]}\nours  {answers[i]}\nbefore it:\n{(i > 0 ? answers[i - 1] : "")}\n{before}";
        }

        return null;
    }

    private static string InOurOrder(string answer)
    {
        var parts = answer.Split('|');
        if (parts[0] == "none") return answer;
        var producers = ProducerSnapshot.Read(Convert.FromBase64String(parts[0]), "Kafka's snapshot");
        return $"{Convert.ToBase64String(ProducerSnapshot.Write(producers))}|{parts[1]}";
    }
}
