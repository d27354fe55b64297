using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Cluster;

public class ConfigAndClusterCommandTests
{
    [Fact]
    public async Task Settings_of_a_topic_are_set_shown_and_taken_back()
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders");

        Assert.Equal("set retention.ms=1000\nset cleanup.policy=compact\n", (await VerbRun.OfAsync(broker, "config", "set", "topic", "orders", "retention.ms=1000", "cleanup.policy+=compact")).Output);
        Assert.Equal(
            ["NAME            VALUE           SOURCE", "cleanup.policy  delete,compact  topic", "retention.ms    1000            topic"],
            (await VerbRun.OfAsync(broker, "config", "describe", "topic", "orders")).Lines);
        Assert.True((await VerbRun.OfAsync(broker, "config", "describe", "topic", "orders", "--all")).Lines.Length > 20);

        var planned = await VerbRun.OfAsync(broker, "config", "delete", "topic", "orders", "retention.ms");
        Assert.Equal((1, "to take back: retention.ms, now 1000 (topic)\nmoldau: this is the plan, and nothing was done; --yes does it\n"), (planned.ExitCode, planned.Error));
        Assert.Equal("took retention.ms back\n", (await VerbRun.OfAsync(broker, "config", "delete", "topic", "orders", "retention.ms", "--yes")).Output);
        Assert.Equal(2, (await VerbRun.OfAsync(broker, "config", "describe", "topic", "orders")).Lines.Length);
    }

    [Theory]
    [InlineData(0, "", "config", "set", "broker", "1", "log.cleaner.backoff.ms=20000")]
    [InlineData(0, "", "config", "set", "broker", "all", "log.cleaner.backoff.ms=20000")]
    [InlineData(0, "", "config", "set", "group", "billing", "consumer.session.timeout.ms=50000")]
    [InlineData(0, "", "config", "set", "client-metrics", "watch", "interval.ms=5000")]
    [InlineData(0, "", "config", "describe", "logger", "1", "--all")]
    [InlineData(0, "", "config", "describe", "broker", "1", "--all", "--format", "wide")]
    [InlineData(0, "", "config", "list")]
    [InlineData(1, "INVALID_CONFIG", "config", "set", "topic", "orders", "retention.ms=soon")]
    [InlineData(1, "UNKNOWN_TOPIC_OR_PARTITION", "config", "describe", "topic", "nothing")]
    [InlineData(1, "the cluster has no broker 9 now; it has 1", "config", "describe", "broker", "9")]
    [InlineData(1, "'nine' is no broker's id", "config", "describe", "broker", "nine")]
    [InlineData(2, "nothing of type 'topics' has settings; did you mean 'topic'?", "config", "describe", "topics", "orders")]
    [InlineData(2, "a setting is given as NAME=VALUE, not 'retention.ms'", "config", "set", "topic", "orders", "retention.ms")]
    [InlineData(2, "no verb given; 'moldau config --help' lists them", "config")]
    public async Task Every_sort_of_resource_is_asked_where_it_is_known(int exitCode, string told, params string[] arguments)
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders");

        var run = arguments.Length > 1 ? await VerbRun.OfAsync(broker, arguments) : FromNowhere(arguments);

        Assert.True(exitCode == run.ExitCode, run.Error);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cluster_is_shown_from_every_side()
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders", "--partitions", "3");

        var described = await VerbRun.OfAsync(broker, "cluster", "describe");
        Assert.Equal($"cluster {broker.Server.ClusterId}", described.Lines[0]);
        Assert.Equal(["1", "127.0.0.1", $"{broker.Address.Port}", "-", "yes"], described.Lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains((await VerbRun.OfAsync(broker, "cluster", "features")).Lines, static line => line.StartsWith("metadata.version", StringComparison.Ordinal));
        Assert.Equal(["1", "/data", "3", "0", "ok"], (await VerbRun.OfAsync(broker, "cluster", "log-dirs")).Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(4, (await VerbRun.OfAsync(broker, "cluster", "log-dirs", "--partitions")).Lines.Length);
        var quorum = await VerbRun.OfAsync(broker, "cluster", "quorum");
        Assert.True(quorum.ExitCode == 0, quorum.Error);
        Assert.StartsWith("1     leader", quorum.Lines[1], StringComparison.Ordinal);
    }

    private static VerbRun FromNowhere(string[] arguments)
    {
        var run = CommandLineRun.Of(arguments);
        return new VerbRun(run.ExitCode, [], run.Error);
    }
}
