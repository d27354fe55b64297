using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Cluster;

/// <summary>A group of Kafka Streams is shown, sent elsewhere and deleted as others are, and keeps what its application writes for itself.</summary>
public class StreamsGroupCommandTests
{
    private static readonly Dictionary<string, string> Small = new()
    {
        ["offsets.topic.num.partitions"] = "1", ["group.streams.assignment.interval.ms"] = "0", ["group.streams.initial.rebalance.delay.ms"] = "0",
    };

    [Fact]
    public async Task It_is_sent_back_in_what_it_reads_and_not_in_what_it_writes_for_itself()
    {
        await using var broker = await CountingAsync();
        foreach (var (topic, to) in (IEnumerable<(string, string)>)[("words", "2"), ("counting-by-word", "1")])
            Assert.Equal(0, (await VerbRun.OfAsync(broker, "group", "seek", "counting", "--to", to, "--topic", topic, "--yes")).ExitCode);

        var moved = await VerbRun.OfAsync(broker, "group", "seek", "counting", "--to", "earliest", "--yes");

        Assert.Equal((0, "moved group counting in 1 partition\n"), (moved.ExitCode, moved.Output));
        Assert.Equal(
            "TOPIC  PARTITION  FROM  TO  LAG-THEN\nwords  0          2     0   3\n"
            + "the application's own topics stay as they are, so what is read again is added to the state it has; to begin with none, delete them ('moldau topic delete counting-by-word counting-counts') and the instances' state folders\n",
            moved.Error);
        Assert.Equal(
            [
                "group counting: streams, Empty, 0 members, coordinated by broker 1",
                "GROUP     TOPIC             PARTITION  COMMITTED  END  LAG  CLIENT  HOST",
                "counting  counting-by-word  0          1          3    2    -       -",
                "counting  words             0          0          3    3    -       -",
            ],
            (await VerbRun.OfAsync(broker, "group", "describe", "counting")).Lines);
        Assert.Equal((0, "deleted group counting\n"), (await VerbRun.OfAsync(broker, "group", "delete", "counting", "--yes")) is var deleted ? (deleted.ExitCode, deleted.Output) : default);
    }

    [Fact]
    public async Task One_that_has_read_nothing_but_its_own_is_told_so()
    {
        await using var broker = await CountingAsync();
        Assert.Equal(0, (await VerbRun.OfAsync(broker, "group", "seek", "counting", "--to", "1", "--topic", "counting-by-word", "--yes")).ExitCode);

        var refused = await VerbRun.OfAsync(broker, "group", "seek", "counting", "--to", "earliest", "--yes");

        Assert.Equal((1, "moldau: group 'counting' has stored no offsets but in topics of its own (counting-by-word, counting-counts); --topic says where it is to begin\n"), (refused.ExitCode, refused.Error));
    }

    /// <summary>A group that was, and has left: its topology is known, and its topics have three records each.</summary>
    private static async Task<TestBroker> CountingAsync()
    {
        var broker = await TestBroker.StartAsync(settings: Small);
        using var client = await broker.ConnectAsync();
        foreach (var topic in (string[])["words", "counting-by-word", "counting-counts"])
        {
            await client.CreateAsync(topic);
            await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce(topic, Conversation.Batch("a", "b", "c")));
        }

        await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { CoordinatorKeys = ["counting"] });
        var joined = await BeatAsync(client, new StreamsGroupHeartbeatRequest
        {
            GroupId = "counting", MemberId = "m", RebalanceTimeoutMs = 10_000, ProcessId = "p", ActiveTasks = [], StandbyTasks = [], WarmupTasks = [], ClientTags = [],
            Topology = new()
            {
                Subtopologies =
                [
                    new() { SubtopologyId = "0", SourceTopics = ["words"], RepartitionSinkTopics = ["counting-by-word"] },
                    new() { SubtopologyId = "1", RepartitionSourceTopics = [new() { Name = "counting-by-word" }], StateChangelogTopics = [new() { Name = "counting-counts" }] },
                ],
            },
        });
        Assert.Equal((ErrorCode.None, null), (joined.ErrorCode, joined.ErrorMessage));
        Assert.Equal(ErrorCode.None, (await BeatAsync(client, new StreamsGroupHeartbeatRequest { GroupId = "counting", MemberId = "m", MemberEpoch = -1 })).ErrorCode);
        return broker;
    }

    /// <summary>The coordinator may have to be loaded.</summary>
    private static async Task<StreamsGroupHeartbeatResponse> BeatAsync(Conversation client, StreamsGroupHeartbeatRequest request)
    {
        var patience = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            var answer = await client.AskAsync<StreamsGroupHeartbeatResponse>(ApiKey.StreamsGroupHeartbeat, 0, request);
            if (answer.ErrorCode is not (ErrorCode.CoordinatorLoadInProgress or ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable)) return answer;
            Assert.True(DateTime.UtcNow < patience, $"{answer.ErrorCode} after 30 s");
        }
    }
}
