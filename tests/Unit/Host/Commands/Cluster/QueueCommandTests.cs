using System.Text.Json;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Cluster;

public class QueueCommandTests
{
    private static readonly Dictionary<string, string> Small = new()
    {
        ["offsets.topic.num.partitions"] = "1", ["share.coordinator.state.topic.num.partitions"] = "1", ["transaction.state.log.num.partitions"] = "1",
    };

    [Fact]
    public async Task A_queue_is_listed_and_shown_with_what_waits()
    {
        await using var broker = await StartAsync();

        Assert.Equal(["QUEUE    STATE  MEMBERS  WAITING  DEAD-LETTERS-IN", "packing  Empty  0        3        -"], (await VerbRun.OfAsync(broker, "queue", "list")).Lines);
        var shown = await VerbRun.OfAsync(broker, "queue", "describe", "packing");
        Assert.Equal(
            [
                "queue packing: Empty, 0 members, 3 waiting, coordinated by broker 1",
                "up to 5 deliveries of a record, 30 s for each, no dead letter topic",
                "QUEUE    TOPIC   PARTITION  START  END  WAITING",
                "packing  orders  0          0      3    3",
            ],
            shown.Lines);
        using var json = JsonDocument.Parse((await VerbRun.OfAsync(broker, "queue", "describe", "packing", "--format", "json")).Output);
        Assert.Equal(3, json.RootElement[0].GetProperty("waiting").GetInt64());
    }

    [Fact]
    public async Task Dead_letters_are_shown_and_sent_back_by_plan()
    {
        await using var broker = await StartAsync();
        await WriteLetterAsync(broker, 17, "k1", "v1");
        await WriteLetterAsync(broker, 18, "k2", "v2");

        var dead = await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq");
        Assert.Equal("LETTER  TIME                      TOPIC   PARTITION  OFFSET  DELIVERIES  REASON                      KEY", dead.Lines[0]);
        Assert.EndsWith("orders  0          17      5           Offset rejected by client.  k1", dead.Lines[1], StringComparison.Ordinal);
        Assert.Equal(3, dead.Lines.Length);
        Assert.Equal(2, (await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq", "-n", "1")).Lines.Length);

        var plan = await VerbRun.OfAsync(broker, "queue", "replay", "packing", "--topic", "dlq");
        Assert.Equal((1, "", "to send: 2 letters of orders-0 to orders-0\nmoldau: this is the plan, and nothing was done; --yes does it\n"), (plan.ExitCode, plan.Output, plan.Error));
        var one = await VerbRun.OfAsync(broker, "queue", "replay", "packing", "--topic", "dlq", "--only", "0:1", "--yes");
        Assert.Equal((0, "sent 1 letter back\n"), (one.ExitCode, one.Output));
        var rest = await VerbRun.OfAsync(broker, "queue", "replay", "packing", "--topic", "dlq", "--yes");
        Assert.Equal((0, "sent 1 letter back\n"), (rest.ExitCode, rest.Output));
        var none = await VerbRun.OfAsync(broker, "queue", "replay", "packing", "--topic", "dlq", "--yes");
        Assert.Equal((0, "dlq has no letters of queue packing to send back\n"), (none.ExitCode, none.Output));

        Assert.Single((await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq")).Lines);
        using var all = JsonDocument.Parse((await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq", "--all", "--format", "json")).Output);
        Assert.Equal([("v1", true), ("v2", true)], all.RootElement.EnumerateArray().Select(static row => (row.GetProperty("value").GetString()!, row.GetProperty("replayed").GetBoolean())));
        Assert.Equal(["a", "b", "c", "v2", "v1"], (await VerbRun.OfAsync(broker, "consume", "orders", "--output", "%v\n")).Lines);
    }

    [Fact]
    public async Task The_topic_and_the_manner_of_a_queue_are_what_its_settings_say()
    {
        await using var broker = await StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "dlq.packing", "--config", "errors.deadletterqueue.group.enable=true");
        var set = await VerbRun.OfAsync(
            broker, "config", "set", "group", "packing", "errors.deadletterqueue.topic.name=dlq.packing", "moldau.share.retry.delay.ms=1500", "moldau.share.order=key", "share.delivery.count.limit=3");
        Assert.Equal((0, ""), (set.ExitCode, set.Error));

        Assert.EndsWith("3        dlq.packing", (await VerbRun.OfAsync(broker, "queue", "list")).Lines[1], StringComparison.Ordinal);
        Assert.Equal(
            "up to 3 deliveries of a record, 30 s for each, tried again after 1.5 s, then later and later up to 300 s, in order for each key, dead letters in dlq.packing, 0 of them not sent back",
            (await VerbRun.OfAsync(broker, "queue", "describe", "packing")).Lines[1]);
        Assert.Equal((0, "dlq.packing has no letters of queue packing to send back\n"), await VerbRun.OfAsync(broker, "queue", "replay", "packing", "--yes") is var run ? (run.ExitCode, run.Output) : default);
    }

    [Fact]
    public async Task What_is_not_there_or_makes_no_sense_is_named()
    {
        await using var broker = await StartAsync();

        await AssertAsync(2, "queue 'packing' has no dead letter topic: 'moldau config set group packing errors.deadletterqueue.topic.name=TOPIC' gives it one, and --topic reads one it had", "dead", "packing");
        await AssertAsync(2, "--only takes a letter as PARTITION:OFFSET, such as 0:17, not 'x'", "replay", "packing", "--topic", "dlq", "--only", "x");
        await AssertAsync(2, "--count takes a number above 0, not -5", "dead", "packing", "--topic", "dlq", "--count=-5");
        await AssertAsync(1, "nothing: there is no topic 'nothing'", "dead", "packing", "--topic", "nothing", "--format", "json");
        await AssertAsync(1, "nothing: there is no topic 'nothing'", "dead", "packing", "--topic", "nothing");
        var nobody = await VerbRun.OfAsync(broker, "queue", "describe", "nobody");
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("GROUP_ID_NOT_FOUND", nobody.Error, StringComparison.Ordinal);
        await VerbRun.OfAsync(broker, "group", "seek", "billing", "--to", "earliest", "--topic", "orders", "--yes");
        await AssertAsync(1, "'billing' is a classic group and no queue; 'moldau group describe billing' shows it", "describe", "billing");

        async Task AssertAsync(int exitCode, string told, params string[] verb)
        {
            var run = await VerbRun.OfAsync(broker, ["queue", .. verb]);
            Assert.Equal((exitCode, "", $"moldau: {told}\n"), (run.ExitCode, run.Output, run.Error));
        }
    }

    [Fact]
    public async Task A_replay_that_stops_says_what_became_of_the_others()
    {
        await using var broker = await StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "narrow", "--config", "max.message.bytes=200");
        await WriteLetterAsync(broker, 17, "k", new string('x', 300));

        var run = await VerbRun.OfAsync(broker, "queue", "replay", "packing", "--topic", "dlq", "--to", "narrow", "--yes");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("moldau: it stopped at what follows: letters that were sent are marked so, and those that were not are sent by the next replay; --only sends single ones\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("the topic's max.message.bytes is 200", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_records_say_commands_no_terminal_and_is_whole_for_programs()
    {
        await using var broker = await StartAsync();
        await WriteLetterAsync(broker, 17, "\u001b[2Jk\u0007\t\u202e", "v", "trace=a=b c", "colour=\u001b[31m");

        Assert.EndsWith("client.  no        \\u001b[2Jk\\u0007\\t\\u202e  v      trace=a=b c colour=\\u001b[31m", (await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq", "--format", "wide")).Lines[1], StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq", "--format", "json")).Output);
        Assert.Equal("\u001b[2Jk\u0007\t\u202e", json.RootElement[0].GetProperty("key").GetString());
        Assert.Equal(["trace", "a=b c", "colour", "\u001b[31m"], json.RootElement[0].GetProperty("headers").EnumerateArray().Select(static one => one.GetString()));
        Assert.Contains("  headers: [\"trace\", \"a=b c\", \"colour\", \"\\u001B[31m\"]", (await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq", "--format", "yaml")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json", "[\n]\n")]
    [InlineData("yaml", "[]\n")]
    public async Task Letters_are_written_as_they_come_for_programs(string format, string none)
    {
        await using var broker = await StartAsync();
        Assert.Equal(none, (await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq", "--format", format)).Output);
        var wide = new string('x', 100);
        await WriteLetterAsync(broker, 17, "k1", wide);
        await WriteLetterAsync(broker, 18, "k2", "v2");

        var run = await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq", "--format", format);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(wide, run.Output, StringComparison.Ordinal);
        if (format == "yaml") Assert.Equal(2, run.Lines.Count(static line => line.StartsWith("- letter:", StringComparison.Ordinal)));
        else Assert.Equal(["k1", "k2"], JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Select(static row => row.GetProperty("key").GetString()));
        var table = await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq", "--format", "wide");
        Assert.Contains($"k1   {wide[..60]}...", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_settings_may_not_be_read_is_shown_without_them()
    {
        await using var broker = await StartAsync(new(Small) { ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer", ["allow.everyone.if.no.acl.found"] = "true" });
        string[] rule = ["acl", "create", "--principal", "User:ANONYMOUS", "--group", "packing", "--operation"];
        Assert.Equal(0, (await VerbRun.OfAsync(broker, [.. rule, "all"])).ExitCode);
        Assert.Equal(0, (await VerbRun.OfAsync(broker, [.. rule, "describe-configs", "--deny"])).ExitCode);
        const string Refusal = "no rule allows DescribeConfigs on Group 'packing' (GROUP_AUTHORIZATION_FAILED)";

        var listed = await VerbRun.OfAsync(broker, "queue", "list");
        Assert.Equal((1, "packing  Empty  0        3        -", $"moldau: the settings of packing cannot be read: {Refusal}\n"), (listed.ExitCode, listed.Lines[1], listed.Error));
        Assert.Equal($"its settings cannot be read: {Refusal}", (await VerbRun.OfAsync(broker, "queue", "describe", "packing")).Lines[1]);
        var dead = await VerbRun.OfAsync(broker, "queue", "dead", "packing");
        Assert.Equal((1, $"moldau: the settings of queue 'packing' cannot be read, which name its dead letter topic: {Refusal}; --topic names it without them\n"), (dead.ExitCode, dead.Error));
        Assert.Equal(0, (await VerbRun.OfAsync(broker, "queue", "dead", "packing", "--topic", "dlq")).ExitCode);
    }

    private static async Task<TestBroker> StartAsync(Dictionary<string, string>? settings = null)
    {
        var broker = await TestBroker.StartAsync(settings: settings ?? Small);
        await VerbRun.OfAsync(broker, "topic", "create", "orders", "--partitions", "1");
        await VerbRun.OfAsync(broker, "topic", "create", "dlq", "--partitions", "1");
        using var client = await broker.ConnectAsync();
        await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("orders", Conversation.Batch("a", "b", "c")));
        await VerbRun.OfAsync(broker, "group", "seek", "packing", "--type", "share", "--to", "earliest", "--topic", "orders", "--yes");
        return broker;
    }

    private static async Task WriteLetterAsync(TestBroker broker, int offset, string key, string value, params string[] own)
    {
        string[] headers =
        [
            .. own, "__dlq.errors.topic=orders", "__dlq.errors.partition=0", $"__dlq.errors.offset={offset}", "__dlq.errors.group=packing", "__dlq.errors.delivery.count=5",
            "__dlq.errors.message=Offset rejected by client.", "moldau.dead.timestamp=1",
        ];
        var run = await VerbRun.WithAsync(broker, $"{value}\n", null, ["produce", "dlq", "--key", key, .. headers.SelectMany(static header => (string[])["--header", header])]);
        Assert.Equal(0, run.ExitCode);
    }
}
