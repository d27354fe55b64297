using System.Text.Json;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Cluster;

public class GroupCommandTests
{
    private static readonly Dictionary<string, string> AtOnce = new() { ["group.initial.rebalance.delay.ms"] = "0", ["offsets.topic.num.partitions"] = "3" };

    /// <summary>An assignment of version 0: partitions 0 and 1 of 'orders', and nothing of the assignor's own.</summary>
    private static readonly byte[] BothPartitions = [0, 0, 0, 0, 0, 1, 0, 6, .. "orders"u8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255];

    [Fact]
    public async Task A_group_is_given_offsets_shown_with_its_lag_moved_and_deleted()
    {
        await using var broker = await WithRecordsAsync();

        var given = await VerbRun.OfAsync(broker, "group", "seek", "billing", "--to", "earliest", "--topic", "orders", "--yes");
        Assert.Equal((0, "moved group billing in 2 partitions\n"), (given.ExitCode, given.Output));
        Assert.Equal(["GROUP    TYPE     STATE  COORDINATOR", "billing  classic  Empty  1"], (await VerbRun.OfAsync(broker, "group", "list")).Lines);

        var moved = await VerbRun.OfAsync(broker, "group", "seek", "billing", "--to", "+2", "--topic", "orders:0", "--yes");
        Assert.Equal(0, moved.ExitCode);
        Assert.Equal("TOPIC   PARTITION  FROM  TO  LAG-THEN\norders  0          0     2   1\n", moved.Error);
        Assert.Equal(
            [
                "group billing: classic, Empty, 0 members, coordinated by broker 1",
                "GROUP    TOPIC   PARTITION  COMMITTED  END  LAG  CLIENT  HOST",
                "billing  orders  0          2          3    1    -       -",
                "billing  orders  1          0          0    0    -       -",
            ],
            (await VerbRun.OfAsync(broker, "group", "describe", "billing")).Lines);

        var forgotten = await VerbRun.OfAsync(broker, "group", "delete", "billing", "--topic", "orders:1", "--yes");
        Assert.Equal((0, "forgot orders-1\n", "to forget: orders-1 of group billing, at 0\n"), (forgotten.ExitCode, forgotten.Output, forgotten.Error));
        var deleted = await VerbRun.OfAsync(broker, "group", "delete", "billing", "--yes");
        Assert.Equal((0, "deleted group billing\n", "to delete: group billing, 0 members, offsets of 1 partitions\n"), (deleted.ExitCode, deleted.Output, deleted.Error));
        Assert.Single((await VerbRun.OfAsync(broker, "group", "list")).Lines);
    }

    [Theory]
    [InlineData("latest", 3)]
    [InlineData("2", 2)]
    [InlineData("17", 3)]
    [InlineData("-1", 0)]
    [InlineData("-9223372036854775808", 0)]
    [InlineData("+9223372036854775807", 3)]
    [InlineData("2020-01-01", 0)]
    [InlineData("2100-01-01T00:00:00Z", 3)]
    public async Task A_seek_goes_where_it_is_told_as_far_as_the_partition_goes(string to, long expected)
    {
        await using var broker = await WithRecordsAsync();
        await VerbRun.OfAsync(broker, "group", "seek", "billing", "--to", "1", "--topic", "orders:0", "--yes");

        var run = await VerbRun.OfAsync(broker, "group", "seek", "billing", $"--to={to}", "--yes");

        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        using var json = JsonDocument.Parse((await VerbRun.OfAsync(broker, "group", "describe", "billing", "--format", "json")).Output);
        Assert.Equal((expected, 3 - expected), (json.RootElement[0].GetProperty("committed").GetInt64(), json.RootElement[0].GetProperty("lag").GetInt64()));
    }

    [Fact]
    public async Task Without_consent_the_plan_is_all_there_is()
    {
        await using var broker = await WithRecordsAsync();
        await VerbRun.OfAsync(broker, "group", "seek", "billing", "--to", "1", "--topic", "orders:0", "--yes");

        foreach (var verb in (string[][])[["seek", "billing", "--to", "latest"], ["delete", "billing"], ["delete", "billing", "--topic", "orders"]])
        {
            var run = await VerbRun.OfAsync(broker, ["group", .. verb]);
            Assert.Equal((1, ""), (run.ExitCode, run.Output));
            Assert.EndsWith("moldau: this is the plan, and nothing was done; --yes does it\n", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal("billing  orders  0          1          3    2    -       -", (await VerbRun.OfAsync(broker, "group", "describe", "billing")).Lines[2]);
    }

    [Fact]
    public async Task Members_are_shown_with_what_they_have_and_stand_in_the_way_of_changes()
    {
        await using var broker = await WithRecordsAsync();
        using var client = await broker.ConnectAsync();
        var member = await JoinAsync(client);

        var described = await VerbRun.OfAsync(broker, "group", "describe", "billing");
        Assert.Equal("group billing: classic, Stable, 1 member, assigned by range, coordinated by broker 1", described.Lines[0]);
        Assert.StartsWith("billing  orders  1          -          0    -    test    /127.0.0.1", described.Lines[3], StringComparison.Ordinal);
        var members = await VerbRun.OfAsync(broker, "group", "describe", "billing", "--members", "--format", "json");
        using var json = JsonDocument.Parse(members.Output);
        Assert.Equal((member, 2, "orders:0,1"), (json.RootElement[0].GetProperty("member").GetString(), json.RootElement[0].GetProperty("partitions").GetInt32(), json.RootElement[0].GetProperty("assigned").GetString()));

        var seek = await VerbRun.OfAsync(broker, "group", "seek", "billing", "--to", "earliest", "--topic", "orders", "--yes");
        Assert.Equal((1, "moldau: group 'billing' has 1 member, who would go on where they are; stop them first\n"), (seek.ExitCode, seek.Error));
        var delete = await VerbRun.OfAsync(broker, "group", "delete", "billing", "--yes");
        Assert.Equal(1, delete.ExitCode);
        Assert.Contains("NON_EMPTY_GROUP", delete.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_or_makes_no_sense_is_named()
    {
        await using var broker = await WithRecordsAsync();

        foreach (var verb in (string[][])[["describe", "nobody"], ["delete", "nobody", "--yes"]])
        {
            var run = await VerbRun.OfAsync(broker, ["group", .. verb]);
            Assert.Equal((1, ""), (run.ExitCode, run.Output));
            Assert.Contains("nobody", run.Error, StringComparison.Ordinal);
            Assert.Contains("GROUP_ID_NOT_FOUND", run.Error, StringComparison.Ordinal);
        }

        await AssertAsync(2, "--to takes earliest, latest, an offset, +N, -N or a time such as 2026-01-31T12:00:00Z, not 'soon'", "seek", "billing", "--to", "soon", "--yes");
        await AssertAsync(2, "--topic takes TOPIC or TOPIC:PARTITION,..., not 'orders:x'", "seek", "billing", "--to", "latest", "--topic", "orders:x", "--yes");
        await AssertAsync(1, "group 'billing' has stored no offsets; --topic says where it is to begin", "seek", "billing", "--to", "latest", "--yes");
        await AssertAsync(1, "orders-0: the group has stored no offset to go on or back from", "seek", "billing", "--to", "+1", "--topic", "orders:0", "--yes");
        await AssertAsync(1, "missing: there is no topic 'missing'", "seek", "billing", "--to", "latest", "--topic", "missing", "--yes");
        await AssertAsync(1, "orders-7: topic 'orders' has partitions 0 to 1", "seek", "billing", "--to", "latest", "--topic", "orders:7", "--yes");
        await AssertAsync(1, "group 'billing' has stored no offsets there", "delete", "billing", "--topic", "orders", "--yes");
        await AssertAsync(2, "--topic goes with one group", "delete", "billing", "other", "--topic", "orders", "--yes");

        async Task AssertAsync(int exitCode, string told, params string[] verb)
        {
            var run = await VerbRun.OfAsync(broker, ["group", .. verb]);
            Assert.Equal((exitCode, "", $"moldau: {told}\n"), (run.ExitCode, run.Output, run.Error));
        }
    }

    [Fact]
    public async Task Filters_of_the_list_are_the_brokers()
    {
        await using var broker = await WithRecordsAsync();
        await VerbRun.OfAsync(broker, "group", "seek", "billing", "--to", "1", "--topic", "orders:0", "--yes");

        Assert.Equal(2, (await VerbRun.OfAsync(broker, "group", "list", "--state", "Empty", "--type", "classic")).Lines.Length);
        Assert.Single((await VerbRun.OfAsync(broker, "group", "list", "--state", "Stable")).Lines);
        Assert.Single((await VerbRun.OfAsync(broker, "group", "list", "--type", "consumer")).Lines);
    }

    [Fact]
    public async Task A_share_group_is_given_a_start_shown_with_its_lag_moved_and_deleted()
    {
        await using var broker = await WithRecordsAsync();

        var given = await VerbRun.OfAsync(broker, "group", "seek", "packing", "--to", "earliest", "--topic", "orders", "--type", "share", "--yes");
        Assert.Equal((0, "moved group packing in 2 partitions\n"), (given.ExitCode, given.Output));
        Assert.Equal(["GROUP    TYPE   STATE  COORDINATOR", "packing  share  Empty  1"], (await VerbRun.OfAsync(broker, "group", "list", "--type", "share")).Lines);

        var moved = await VerbRun.OfAsync(broker, "group", "seek", "packing", "--to", "+2", "--topic", "orders:0", "--yes");
        Assert.Equal((0, "TOPIC   PARTITION  FROM  TO  LAG-THEN\norders  0          0     2   1\n"), (moved.ExitCode, moved.Error));
        Assert.Equal(
            [
                "group packing: share, Empty, 0 members, assigned by simple, coordinated by broker 1",
                "GROUP    TOPIC   PARTITION  COMMITTED  END  LAG  CLIENT  HOST",
                "packing  orders  0          2          3    1    -       -",
                "packing  orders  1          0          0    0    -       -",
            ],
            (await VerbRun.OfAsync(broker, "group", "describe", "packing")).Lines);

        var part = await VerbRun.OfAsync(broker, "group", "delete", "packing", "--topic", "orders:1", "--yes");
        Assert.Equal((2, "moldau: 'packing' is a share group, which forgets whole topics; --topic takes TOPIC there, not 'orders:1'\n"), (part.ExitCode, part.Error));
        var forgotten = await VerbRun.OfAsync(broker, "group", "delete", "packing", "--topic", "orders", "--yes");
        Assert.Equal((0, "forgot orders\n", "to forget: orders-0 of group packing, at 2\nto forget: orders-1 of group packing, at 0\n"), (forgotten.ExitCode, forgotten.Output, forgotten.Error));
        var deleted = await VerbRun.OfAsync(broker, "group", "delete", "packing", "--yes");
        Assert.Equal((0, "deleted group packing\n", "to delete: group packing, 0 members, offsets of 0 partitions\n"), (deleted.ExitCode, deleted.Output, deleted.Error));
        Assert.Single((await VerbRun.OfAsync(broker, "group", "list")).Lines);
    }

    private static async Task<TestBroker> WithRecordsAsync()
    {
        var broker = await TestBroker.StartAsync(settings: AtOnce);
        await VerbRun.OfAsync(broker, "topic", "create", "orders", "--partitions", "2");
        using var client = await broker.ConnectAsync();
        await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("orders", Conversation.Batch("a", "b", "c")));
        return broker;
    }

    private static async Task<string> JoinAsync(Conversation client)
    {
        await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { CoordinatorKeys = ["billing"] });
        var joined = await client.AskAsync<JoinGroupResponse>(ApiKey.JoinGroup, 3, new JoinGroupRequest
        {
            GroupId = "billing", SessionTimeoutMs = 30_000, RebalanceTimeoutMs = 60_000, ProtocolType = "consumer", Protocols = [new() { Name = "range", Metadata = new byte[] { 0, 0 } }],
        });
        var synced = await client.AskAsync<SyncGroupResponse>(ApiKey.SyncGroup, 5, new SyncGroupRequest
        {
            GroupId = "billing", MemberId = joined.MemberId, GenerationId = joined.GenerationId, ProtocolType = "consumer", ProtocolName = "range",
            Assignments = [new() { MemberId = joined.MemberId, Assignment = BothPartitions }],
        });
        Assert.Equal(ErrorCode.None, synced.ErrorCode);
        return joined.MemberId;
    }
}
