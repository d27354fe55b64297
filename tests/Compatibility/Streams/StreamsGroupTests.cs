using System.Globalization;
using Moldau.Compatibility.Client;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Serving;
using Xunit;

namespace Moldau.Compatibility.Streams;

/// <summary>
/// Kafka Streams with <c>group.protocol=streams</c>: the broker makes the internal topics and assigns the tasks. The application grows from
/// one instance to three and shrinks again; one is killed and its members are only missed when their sessions end.
/// </summary>
public sealed class StreamsGroupTests(ITestOutputHelper output)
{
    private const string ExactlyOnce = "exactly_once_v2";
    private const string AtLeastOnce = "at_least_once";
    private const int CommitMilliseconds = 100;

    private static readonly string[] s_settings =
    [
        "group.streams.min.session.timeout.ms=1000", "group.streams.session.timeout.ms=2000", "group.streams.min.heartbeat.interval.ms=100", "group.streams.heartbeat.interval.ms=300",
        "group.streams.initial.rebalance.delay.ms=500", "group.streams.assignment.interval.ms=200",
    ];

    private static bool IsLong => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1";

    private static int LinesAtOnce => IsLong ? 3000 : 1000;

    [Theory]
    [InlineData(ExactlyOnce, 0)]
    [InlineData(AtLeastOnce, 1)]
    public async Task An_application_that_grows_shrinks_and_loses_an_instance_counts_right(string guarantee, int standbys)
    {
        KafkaJars.Require();
        using var broker = await SteadyBroker.StartAsync([.. s_settings, $"group.streams.num.standby.replicas={standbys}"]);
        await RunAsync(broker.Address, guarantee, broker);
    }

    [Theory]
    [InlineData(ExactlyOnce, 0)]
    [InlineData(AtLeastOnce, 1)]
    public async Task The_same_application_counts_right_with_Kafkas_broker(string guarantee, int standbys)
    {
        LongRun.Require("it shows that the application itself does as it shall");
        KafkaJars.Require();
        await using var broker = await KafkaBroker.StartAsync(KafkaJars.Script, [.. s_settings, $"group.streams.num.standby.replicas={standbys}"]);
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{broker.Port}"), guarantee, null);
    }

    /// <param name="killed">A broker that is killed once, in a long run.</param>
    private async Task RunAsync(string address, string guarantee, SteadyBroker? killed)
    {
        const string Name = "scaled";
        output.WriteLine(TestSeed.Text);
        var words = new WordSource(TestSeed.For(nameof(StreamsGroupTests) + guarantee));
        var port = int.Parse(address.Split(':')[1], CultureInfo.InvariantCulture);
        await SteadyBroker.CreateTopicAsync(port, WordCounter.Lines, WordCounter.Partitions);
        await SteadyBroker.CreateTopicAsync(port, Name, WordCounter.Partitions);
        await using var first = new WordCounter(address, Name, guarantee, CommitMilliseconds, "streams");
        await using var second = new WordCounter(address, Name, guarantee, CommitMilliseconds, "streams");
        await using var third = new WordCounter(address, Name, guarantee, CommitMilliseconds, "streams");
        await words.WriteAsync(address, LinesAtOnce);
        await first.StartAsync();
        await first.UntilAsync(words.Words);
        for (var round = 0; round < (IsLong ? 5 : 1); round++)
        {
            await Task.WhenAll(second.StartAsync(), third.StartAsync());
            await Task.WhenAll(second.WorksAsync(), third.WorksAsync());
            await words.WriteAsync(address, LinesAtOnce);
            await first.UntilAsync(words.Words);
            if (IsLong && killed is not null) await killed.KillAsync();
            await words.WriteAsync(address, LinesAtOnce);
            await second.KillAsync();
            await first.UntilAsync(words.Words);
            await words.WriteAsync(address, LinesAtOnce);
            await third.StopAsync();
            await first.UntilAsync(words.Words);
        }

        await first.StopAsync();
        var counts = await first.CountsAsync();
        if (guarantee == ExactlyOnce) Assert.Null(words.Fault(counts));
        else Assert.Null(words.Lacking(counts));
        output.WriteLine($"{words.Words} words, {counts.Sum(static word => word.Value.Count)} counts");
    }
}
