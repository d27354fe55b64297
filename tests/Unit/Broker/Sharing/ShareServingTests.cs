using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Sharing;

/// <summary>Share fetches and acknowledgements through sockets, with the share coordinator behind them.</summary>
public sealed class ShareServingTests
{
    private static readonly Dictionary<string, string> Small = new()
    {
        ["share.coordinator.state.topic.num.partitions"] = "2", ["group.share.min.record.lock.duration.ms"] = "1000", ["group.share.record.lock.duration.ms"] = "1000",
    };

    private static readonly Dictionary<string, string> Slow = new() { ["share.coordinator.state.topic.num.partitions"] = "2" };

    [Fact]
    public async Task What_is_accepted_is_stored_and_never_comes_again()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using (var broker = await StartAsync(disk))
        {
            var topic = await MakeAsync(broker);
            await ProduceAsync(broker, 10);
            using var member = await JoinAsync(broker, "a", topic);
            var taken = await member.TakeAsync();
            Assert.Equal("0-9x1", ShareMember.Text(taken));
            Assert.Equal(ErrorCode.None, Error(await member.AcknowledgeAsync(said: [(0, 6, [1]), (7, 7, [2]), (8, 9, [1, 3])])));
            // Read once more: only what was released.
            Assert.Equal("7-7x2", ShareMember.Text(await member.TakeAsync()));
            Assert.Equal(7, (await ReadAsync(broker, topic)).StartOffset);
        }

        await using var again = await StartAsync(disk);
        using var other = await JoinAsync(again, "b", again.Server.Topics.Find("t")!.Id);
        // Who had it is not stored, how often it was given before is; that his connection ended may have come in time.
        Assert.Contains(ShareMember.Text(await other.TakeAsync()), new[] { "7-7x2", "7-7x3" });
    }

    [Fact]
    public async Task A_fetch_waits_for_records_and_for_those_that_others_let_go_of()
    {
        await using var broker = await StartAsync();
        var topic = await MakeAsync(broker);
        using var one = await JoinAsync(broker, "a", topic);
        await one.SendFetchAsync(wait: 60_000);
        await ProduceAsync(broker, 3);
        Assert.Equal("0-2x1", Taken(await one.ReceiveAsync()));

        using var two = await JoinAsync(broker, "b", topic);
        await two.SendFetchAsync(wait: 60_000);
        Assert.Equal(ErrorCode.None, Error(await one.AcknowledgeAsync(said: [(1, 1, [2])])));
        Assert.Equal("1-1x2", Taken(await two.ReceiveAsync()));

        // A connection that ends lets go of what its member has.
        await two.SendFetchAsync(wait: 60_000);
        one.Dispose();
        var left = Taken(await two.ReceiveAsync());
        Assert.Contains(left, new[] { "0-0x2", "0-0x2 2-2x2" });
        // One that is over by its time says nothing.
        if (left == "0-0x2") Assert.Equal("2-2x2", ShareMember.Text(await two.TakeAsync()));
        Assert.Empty((await two.FetchAsync(wait: 1)).Responses);
    }

    [Fact]
    public async Task The_first_partition_whose_state_is_read_is_answered_alone_and_later_all_are()
    {
        await using var broker = await StartAsync();
        var topic = await MakeAsync(broker);
        await InitializeAsync(broker, topic, epoch: 1, start: 0, partition: 1);
        await ProduceAsync(broker, 3);
        await ProduceAsync(broker, 3, partition: 1);
        using var member = await JoinAsync(broker, "a", topic);
        var first = Assert.Single(Assert.Single((await member.FetchAsync(wait: 30_000, partitions: [0, 1])).Responses).Partitions);
        var second = Assert.Single(Assert.Single((await member.FetchAsync(wait: 30_000)).Responses).Partitions);
        Assert.Equal([0, 1], new[] { first.PartitionIndex, second.PartitionIndex }.Order());

        // What is known is answered together.
        await ProduceAsync(broker, 2);
        await ProduceAsync(broker, 2, partition: 1);
        Assert.Equal(2, Assert.Single((await member.FetchAsync(wait: 30_000)).Responses).Partitions.Count);
    }

    [Fact]
    public async Task A_lock_that_ends_gives_the_record_to_somebody_else()
    {
        await using var broker = await StartAsync(settings: Small);
        var topic = await MakeAsync(broker);
        await ProduceAsync(broker, 2);
        using var one = await JoinAsync(broker, "a", topic);
        using var two = await JoinAsync(broker, "b", topic);
        var taken = await one.FetchAsync(wait: 30_000);
        Assert.Equal(1000, taken.AcquisitionLockTimeoutMs);
        Assert.Equal("0-1x1", Taken(taken));
        Assert.Equal("0-1x2", Taken(await two.FetchAsync(wait: 30_000)));
        var late = await one.AcknowledgeAsync(said: [(0, 0, [1])]);
        Assert.Equal(ErrorCode.InvalidRecordState, Error(late));
    }

    [Fact]
    public async Task Acknowledgements_go_with_a_fetch_and_are_taken_first()
    {
        await using var broker = await StartAsync();
        var topic = await MakeAsync(broker);
        await ProduceAsync(broker, 4);
        using var member = await JoinAsync(broker, "a", topic);
        Assert.Equal("0-1x1", ShareMember.Text(await member.TakeAsync(max: 2, strict: true)));
        var next = await member.FetchAsync(max: 1, wait: 30_000, strict: true, said: [(0, 1, [1])]);
        Assert.Equal("2-2x1", Taken(next));
        Assert.Equal(ErrorCode.None, next.Responses[0].Partitions[0].AcknowledgeErrorCode);
        Assert.Equal(2, (await ReadAsync(broker, topic)).StartOffset);

        var wrong = await member.FetchAsync(said: [(0, 1, [1]), (3, 9, [1])]);
        Assert.Equal(ErrorCode.InvalidRequest, wrong.Responses[0].Partitions[0].AcknowledgeErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, Error(await member.AcknowledgeAsync(said: [(2, 2, [4])])));
        Assert.Equal(ErrorCode.None, Error(await member.AcknowledgeAsync(renews: true, said: [(2, 2, [4])])));
    }

    [Fact]
    public async Task As_many_are_given_as_were_asked_for_whatever_others_hold_between()
    {
        await using var broker = await StartAsync();
        var topic = await MakeAsync(broker);
        for (var i = 0; i < 8; i++) await ProduceAsync(broker, 1);
        using var one = await JoinAsync(broker, "a", topic);
        using var two = await JoinAsync(broker, "b", topic);
        Assert.Equal("0-1x1", ShareMember.Text(await one.TakeAsync(max: 2)));
        Assert.Equal("2-3x1", ShareMember.Text(await two.TakeAsync(max: 2)));
        Assert.Equal(ErrorCode.None, Error(await one.AcknowledgeAsync(said: [(0, 0, [2]), (1, 1, [1])])));
        Assert.Equal("0-0x2 4-5x1", ShareMember.Text(await one.TakeAsync(max: 3)));
        Assert.Equal("6-7x1", ShareMember.Text(await one.TakeAsync(max: 3)));
    }

    [Fact]
    public async Task A_fetch_that_wants_much_waits_for_it_and_takes_what_is_there_when_its_time_is_over()
    {
        await using var broker = await StartAsync();
        var topic = await MakeAsync(broker);
        await ProduceAsync(broker, 1);
        using var member = await JoinAsync(broker, "a", topic);
        Assert.Equal("0-0x1", Taken(await member.FetchAsync(wait: 300, minBytes: 100_000)));
        await member.SendFetchAsync(wait: 60_000, minBytes: 100);
        await ProduceAsync(broker, 1);
        await ProduceAsync(broker, 1);
        var taken = Taken(await member.ReceiveAsync());
        Assert.Equal("1-2x1", taken);
    }

    [Theory]
    [InlineData("read_committed", "3-3x1 5-5x1")]
    [InlineData("read_uncommitted", "0-0x1 2-3x1 5-5x1")]
    public async Task Aborted_records_and_markers_are_passed_over(string isolation, string expected)
    {
        await using var broker = await StartAsync();
        var topic = await MakeAsync(broker);
        using var client = await broker.ConnectAsync();
        var altered = await client.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = 32, ResourceName = ShareMember.Group, Configs = [new() { Name = "share.isolation.level", Value = isolation }] }],
        });
        Assert.Equal(ErrorCode.None, altered.Responses[0].ErrorCode);
        // 0 aborted, 1 its marker, 2 aborted by another, 3 committed, 4 and 5: a marker and a record without a transaction.
        var (one, two, three) = (await TransactionTalk.StartAsync(client, "one"), await TransactionTalk.StartAsync(client, "two"), await TransactionTalk.StartAsync(client, "three"));
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, 12, "t", "one", one, 0, "aborted"));
        await EndAsync(client, "one", one, commits: false);
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, 12, "t", "two", two, 0, "aborted too"));
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, 12, "t", "three", three, 0, "committed"));
        await EndAsync(client, "three", three, commits: true);
        await ProduceAsync(broker, 1);
        await EndAsync(client, "two", two, commits: false);
        // The last marker is durable with the end's answer or a little later: until then what is undecided hides the rest.
        var partition = broker.Server.Topics.Find("t")!.Find(0)!;
        await Eventually(() => partition.LastStableOffset == 7);
        using var member = await JoinAsync(broker, "a", topic);
        Assert.Equal(expected, ShareMember.Text(await member.TakeAsync()));
    }

    [Fact]
    public async Task Sessions_count_their_requests()
    {
        await using var broker = await StartAsync();
        var topic = await MakeAsync(broker);
        await ProduceAsync(broker, 1);
        using var member = await JoinAsync(broker, "a", topic);
        member.Epoch = 1;
        Assert.Equal(ErrorCode.ShareSessionNotFound, (await member.FetchAsync()).ErrorCode);
        member.Epoch = 0;
        Assert.Equal(ErrorCode.InvalidShareSessionEpoch, (await member.AcknowledgeAsync()).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (await member.FetchAsync(said: [(0, 0, [1])])).ErrorCode);
        Assert.Equal("0-0x1", ShareMember.Text(await member.TakeAsync()));
        member.Epoch = 7;
        Assert.Equal(ErrorCode.InvalidShareSessionEpoch, (await member.FetchAsync()).ErrorCode);
        // The last one ends it, with what the member has.
        member.Epoch = -1;
        Assert.Equal(ErrorCode.None, (await member.FetchAsync()).ErrorCode);
        member.Epoch = -1;
        Assert.Equal(ErrorCode.ShareSessionNotFound, (await member.AcknowledgeAsync()).ErrorCode);
        member.Epoch = 0;
        Assert.Equal("0-0x2", ShareMember.Text(await member.TakeAsync()));
    }

    [Fact]
    public async Task More_sessions_than_there_may_be_are_refused()
    {
        await using var broker = await StartAsync(settings: new(Slow) { ["group.share.max.share.sessions"] = "100", ["group.share.max.size"] = "100" });
        var topic = await MakeAsync(broker);
        using var client = await broker.ConnectAsync();
        for (var i = 0; i < 100; i++) Assert.Equal(ErrorCode.None, (await new ShareMember(client, $"m{i}", topic).FetchAsync()).ErrorCode);
        Assert.Equal(ErrorCode.ShareSessionLimitReached, (await new ShareMember(client, "one too many", topic).FetchAsync()).ErrorCode);
    }

    [Fact]
    public async Task Partitions_that_cannot_be_fetched_from_are_told_of()
    {
        await using var broker = await StartAsync();
        var topic = await MakeAsync(broker);
        using var nowhere = await JoinAsync(broker, "a", new Uuid(1, 2));
        Assert.Equal(ErrorCode.UnknownTopicId, Assert.Single((await nowhere.FetchAsync(wait: 30_000)).Responses[0].Partitions).ErrorCode);
        using var beyond = await JoinAsync(broker, "b", topic);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Assert.Single((await beyond.FetchAsync(wait: 30_000, partitions: [9])).Responses[0].Partitions).ErrorCode);
        // Initialized is only the first.
        using var early = await JoinAsync(broker, "c", topic);
        Assert.Equal(ErrorCode.UnknownServerError, Assert.Single((await early.FetchAsync(wait: 30_000, partitions: [1])).Responses[0].Partitions).ErrorCode);
    }

    [Fact]
    public async Task Whoever_sets_the_state_anew_fences_the_leader_which_begins_again()
    {
        await using var broker = await StartAsync();
        var topic = await MakeAsync(broker);
        await ProduceAsync(broker, 5);
        using var member = await JoinAsync(broker, "a", topic);
        Assert.Equal("0-4x1", ShareMember.Text(await member.TakeAsync()));
        await InitializeAsync(broker, topic, epoch: 2, start: 3);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, Error(await member.AcknowledgeAsync(said: [(0, 4, [1])])));
        Assert.Equal("3-4x1", ShareMember.Text(await member.TakeAsync()));
    }

    private static async Task EndAsync(Conversation client, string id, (long Id, short Epoch) producer, bool commits)
    {
        ErrorCode error;
        do
        {
            error = (await client.AskAsync<EndTxnResponse>(ApiKey.EndTxn, 4, new EndTxnRequest { TransactionalId = id, ProducerId = producer.Id, ProducerEpoch = producer.Epoch, Committed = commits })).ErrorCode;
        }
        while (error == ErrorCode.ConcurrentTransactions);
        Assert.Equal(ErrorCode.None, error);
        // The marker is written behind the answer; what comes next must lie behind it.
        await TransactionTalk.StartAsync(client, id);
    }

    private static async Task Eventually(Func<bool> holds)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < deadline, "it did not come about in 30 s");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static ErrorCode Error(ShareAcknowledgeResponse response) =>
        response.ErrorCode != ErrorCode.None ? response.ErrorCode : Assert.Single(Assert.Single(response.Responses).Partitions).ErrorCode;

    private static string Taken(ShareFetchResponse response)
    {
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return ShareMember.Text(Assert.Single(Assert.Single(response.Responses).Partitions));
    }

    private static Task<TestBroker> StartAsync(MemoryFileSystem? disk = null, Dictionary<string, string>? settings = null) =>
        TestBroker.StartAsync(disk: disk, settings: settings ?? Slow);

    private static async Task<Uuid> MakeAsync(TestBroker broker)
    {
        using var client = await broker.ConnectAsync();
        var created = await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest { TimeoutMs = 30_000, Topics = [new() { Name = "t", NumPartitions = 2, ReplicationFactor = 1 }] });
        Assert.Equal(ErrorCode.None, created.Topics[0].ErrorCode);
        await InitializeAsync(broker, created.Topics[0].TopicId, epoch: 1, start: 0);
        return created.Topics[0].TopicId;
    }

    private static async Task InitializeAsync(TestBroker broker, Uuid topic, int epoch, long start, int partition = 0)
    {
        var request = new InitializeShareGroupStateRequest { GroupId = ShareMember.Group, Topics = [new() { TopicId = topic, Partitions = [new() { Partition = partition, StateEpoch = epoch, StartOffset = start }] }] };
        var response = Assert.IsType<InitializeShareGroupStateResponse>(await broker.Server.Coordinators!.Peers.AskAsync(request));
        Assert.Equal(ErrorCode.None, response.Results[0].Partitions[0].ErrorCode);
    }

    private static async Task<ReadShareGroupStateResponse.PartitionResult> ReadAsync(TestBroker broker, Uuid topic)
    {
        var request = new ReadShareGroupStateRequest { GroupId = ShareMember.Group, Topics = [new() { TopicId = topic, Partitions = [new() { Partition = 0, LeaderEpoch = -1 }] }] };
        return Assert.IsType<ReadShareGroupStateResponse>(await broker.Server.Coordinators!.Peers.AskAsync(request)).Results[0].Partitions[0];
    }

    private static async Task<ShareMember> JoinAsync(TestBroker broker, string name, Uuid topic) => new(await broker.ConnectAsync(), name, topic);

    private static async Task ProduceAsync(TestBroker broker, int records, int partition = 0)
    {
        using var client = await broker.ConnectAsync();
        var values = Enumerable.Range(0, records).Select(static i => $"value {i}").ToArray();
        var produced = await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch(values), partition: partition));
        Assert.Equal(ErrorCode.None, produced.Responses[0].PartitionResponses[0].ErrorCode);
    }
}
