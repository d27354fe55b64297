using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Serving;
using Xunit;

namespace Moldau.Compatibility.Streams;

/// <summary>Kafka Streams counts words exactly once, though it is killed in the middle of its work, and the broker with it.</summary>
public sealed class WordCountTests(ITestOutputHelper output)
{
    private const int LinesAtOnce = 2000;
    private const int MostMilliseconds = 300;
    private const int CommitMilliseconds = 100;
    private const string ExactlyOnce = "exactly_once_v2";

    private static int Kills => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1" ? 10 : 2;

    [Fact]
    public async Task Counts_are_those_of_an_undisturbed_run_though_the_counter_is_killed()
    {
        KafkaJars.Require();
        output.WriteLine(TestSeed.Text);
        var chance = TestSeed.For(nameof(WordCountTests));
        var words = new WordSource(chance);
        using var broker = await StartBrokerAsync();
        await using var killed = new WordCounter(broker.Address, "killed", ExactlyOnce, CommitMilliseconds);
        await broker.CreateTopicAsync("killed", WordCounter.Partitions);
        var midway = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = Sum(await killed.CountsAsync());
            await words.WriteAsync(broker.Address, LinesAtOnce);
            await killed.StartAsync();
            await killed.UntilAsync(before + 1);
            if (kill % 2 == 1)
            {
                before = Sum(await killed.CountsAsync());
                await broker.KillAsync();
                await words.WriteAsync(broker.Address, LinesAtOnce);
                await killed.UntilAsync(before + 1);
            }

            await Task.Delay(chance.Next(1, MostMilliseconds), TestContext.Current.CancellationToken);
            await killed.KillAsync();
            if (Sum(await killed.CountsAsync()) < words.Words) midway++;
        }

        await words.WriteAsync(broker.Address, LinesAtOnce);
        await killed.StartAsync();
        await killed.UntilAsync(words.Words);
        await using var undisturbed = new WordCounter(broker.Address, "undisturbed", ExactlyOnce, CommitMilliseconds);
        await broker.CreateTopicAsync("undisturbed", WordCounter.Partitions);
        await undisturbed.StartAsync();
        var wanted = await undisturbed.UntilAsync(words.Words);
        Assert.Null(words.Fault(wanted));
        // Read once more: what was counted twice may have come since.
        var counts = await killed.CountsAsync();
        Assert.Null(words.Fault(counts));
        Assert.Equal(wanted, counts);
        output.WriteLine($"{words.Words} words, {Kills} kills, {midway} of them before everything was counted");
    }

    /// <summary>Without transactions what was not committed is counted again.</summary>
    [Fact]
    public async Task A_counter_without_transactions_is_found_out()
    {
        KafkaJars.Require();
        var words = new WordSource(TestSeed.For(nameof(A_counter_without_transactions_is_found_out)));
        using var broker = await StartBrokerAsync();
        await using var counter = new WordCounter(broker.Address, "careless", "at_least_once", commitMilliseconds: 600_000);
        await broker.CreateTopicAsync("careless", WordCounter.Partitions);
        await words.WriteAsync(broker.Address, lines: 10);
        await counter.StartAsync();
        await counter.UntilAsync(words.Words);
        await counter.KillAsync();
        await counter.StartAsync();
        var fault = words.Fault(await counter.UntilAsync(words.Words + 1));
        Assert.NotNull(fault);
        output.WriteLine(fault);
    }

    private static async Task<SteadyBroker> StartBrokerAsync()
    {
        var broker = await SteadyBroker.StartAsync("group.min.session.timeout.ms=1000", "group.initial.rebalance.delay.ms=0");
        await broker.CreateTopicAsync(WordCounter.Lines, WordCounter.Partitions);
        return broker;
    }

    private static int Sum(Dictionary<string, List<int>> counts) => counts.Sum(static word => word.Value.Count);
}
