using System.Text.Json;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Cluster;

public class TopicCommandTests
{
    [Fact]
    public async Task A_topic_is_made_listed_grown_and_deleted()
    {
        await using var broker = await TestBroker.StartAsync();

        var made = await VerbRun.OfAsync(broker, "topic", "create", "orders", "--partitions", "2", "--config", "retention.ms=1000");
        Assert.Equal((0, "created topic orders with 2 partitions\n", ""), (made.ExitCode, made.Output, made.Error));
        var again = await VerbRun.OfAsync(broker, "topic", "create", "orders");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("orders", again.Error, StringComparison.Ordinal);
        Assert.Contains("TOPIC_ALREADY_EXISTS", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await VerbRun.OfAsync(broker, "topic", "create", "orders", "--if-not-exists")).ExitCode);

        Assert.Equal("topic orders has 3 partitions\n", (await VerbRun.OfAsync(broker, "topic", "add-partitions", "orders", "--total", "3")).Output);
        var listed = await VerbRun.OfAsync(broker, "topic", "list");
        Assert.Equal(["TOPIC   PARTITIONS  REPLICAS  OUT-OF-SYNC", "orders  3           1         0"], listed.Lines);
        var described = await VerbRun.OfAsync(broker, "topic", "describe", "orders");
        Assert.Equal(["TOPIC   PARTITION  LEADER  REPLICAS  ISR  LOG-START-OFFSET  LOG-END-OFFSET", "orders  0          1       1         1    0                 0"], described.Lines[..2]);

        var deleted = await VerbRun.OfAsync(broker, "topic", "delete", "orders", "--yes");
        Assert.Equal((0, "deleted topic orders\n", "to delete: topic orders, 3 partitions, up to 0 records\n"), (deleted.ExitCode, deleted.Output, deleted.Error));
        Assert.Single((await VerbRun.OfAsync(broker, "topic", "list")).Lines);
    }

    [Theory]
    [InlineData(null, 1, "this is the plan, and nothing was done; --yes does it")]
    [InlineData("n", 1, "nothing was done")]
    [InlineData("y", 0, "to delete: topic orders")]
    public async Task Deleting_asks_a_person_and_without_one_only_shows_the_plan(string? answer, int exitCode, string told)
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders");

        var run = await VerbRun.WithAsync(broker, "", answer is null ? null : _ => answer, "topic", "delete", "orders");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Equal(exitCode == 0 ? 1 : 2, (await VerbRun.OfAsync(broker, "topic", "list")).Lines.Length);
    }

    [Fact]
    public async Task The_same_rows_come_as_json_yaml_and_in_wide()
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders", "--partitions", "1");

        using var json = JsonDocument.Parse((await VerbRun.OfAsync(broker, "topic", "list", "--format", "json")).Output);
        Assert.Equal("orders", json.RootElement[0].GetProperty("topic").GetString());
        Assert.Equal(1, json.RootElement[0].GetProperty("partitions").GetInt32());
        Assert.Equal(["- topic: \"orders\"", "partitions: 1", "replicas: 1", "outOfSync: 0", "internal: false"], (await VerbRun.OfAsync(broker, "topic", "list", "--format", "yaml")).Lines[..5]);
        Assert.EndsWith("INTERNAL  ID", (await VerbRun.OfAsync(broker, "topic", "list", "--format", "wide")).Lines[0], StringComparison.Ordinal);
        Assert.Equal(2, (await VerbRun.OfAsync(broker, "topic", "list", "--format", "xml")).ExitCode);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_named()
    {
        await using var broker = await TestBroker.StartAsync();

        foreach (var verb in new[] { "describe", "delete", "offsets" })
        {
            var run = await VerbRun.OfAsync(broker, "topic", verb, "nothing");
            Assert.Equal((1, "", "moldau: nothing: there is no topic 'nothing'\n"), (run.ExitCode, run.Output, run.Error));
        }
    }

    [Fact]
    public async Task Records_are_dropped_below_an_offset_and_offsets_are_found_by_time()
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders");
        using (var connection = await broker.ConnectAsync())
        {
            await connection.AskAsync<Moldau.Protocol.Messages.ProduceResponse>(Moldau.Protocol.Messages.ApiKey.Produce, 9, Conversation.Produce("orders", Conversation.Batch("a", "b", "c")));
        }

        Assert.Equal("orders  0          3       -", (await VerbRun.OfAsync(broker, "topic", "offsets", "orders")).Lines[1]);
        Assert.Equal("orders  0          0", (await VerbRun.OfAsync(broker, "topic", "offsets", "orders", "--at", "2020-01-01T00:00:00Z")).Lines[1][..20]);
        Assert.Equal("orders  0          -       -", (await VerbRun.OfAsync(broker, "topic", "offsets", "orders", "--at", "2100-01-01")).Lines[1]);
        var misused = await VerbRun.OfAsync(broker, "topic", "offsets", "orders", "--at", "yesterday");
        Assert.Equal((2, "moldau: 'yesterday' is no time; it takes 2026-01-31T12:00:00Z or milliseconds since 1970\n"), (misused.ExitCode, misused.Error));

        var dropped = await VerbRun.OfAsync(broker, "topic", "delete-records", "orders", "--before", "2", "--yes");
        Assert.Equal((0, "to drop: orders-0 from 0 to below 2 (its end is 3)\n"), (dropped.ExitCode, dropped.Error));
        Assert.Equal("orders  0          2", dropped.Lines[1]);
        Assert.Equal("orders  0          2       -", (await VerbRun.OfAsync(broker, "topic", "offsets", "orders", "--at", "earliest")).Lines[1]);
    }
}
