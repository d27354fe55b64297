using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Testing;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Testing;

/// <summary>What clients are told, request by request, when a leader or a coordinator moves between an embedded broker's nodes.</summary>
public sealed class MovedLeaderTests : IAsyncLifetime
{
    private EmbeddedBroker _broker = null!;
    private Conversation _one = null!;
    private Conversation _two = null!;
    private Uuid _topic;

    public async ValueTask InitializeAsync()
    {
        _broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Nodes = 2, Settings = new Dictionary<string, string> { ["num.partitions"] = "2", ["offsets.topic.num.partitions"] = "1", ["transaction.state.log.num.partitions"] = "1" } });
        await ConnectAsync();
        _topic = await _one.CreateAsync("t");
    }

    public async ValueTask DisposeAsync()
    {
        _one.Dispose();
        _two.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Every_node_tells_of_all_and_of_the_new_leader_with_a_higher_epoch()
    {
        Assert.Equal([(1, 0), (1, 0)], await LeadersAsync(_two));
        await _broker.MoveLeaderAsync("t", 1, 2);
        Assert.Equal(2, _broker.LeaderOf("t", 1));
        foreach (var client in new[] { _one, _two }) Assert.Equal([(1, 0), (2, 1)], await LeadersAsync(client));
        var cluster = await _one.AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest());
        Assert.Equal([_broker.AddressOf(1).Port, _broker.AddressOf(2).Port], cluster.Brokers.Select(static broker => broker.Port));
        await _broker.MoveLeaderAsync("t", 1, 1);
        Assert.Equal([(1, 0), (1, 2)], await LeadersAsync(_two));
        // To where it is already nothing moves.
        await _broker.MoveLeaderAsync("t", 1, 1);
        Assert.Equal([(1, 0), (1, 2)], await LeadersAsync(_one));
    }

    [Fact]
    public async Task The_old_leader_appends_nothing_and_says_who_does()
    {
        await _broker.MoveLeaderAsync("t", 0, 2);
        var refused = await _one.AskAsync<ProduceResponse>(ApiKey.Produce, 12, Conversation.Produce("t", Conversation.Batch("lost")));
        var answer = refused.Responses[0].PartitionResponses[0];
        Assert.Equal((ErrorCode.NotLeaderOrFollower, 2, 1), (answer.ErrorCode, answer.CurrentLeader.LeaderId, answer.CurrentLeader.LeaderEpoch));
        Assert.Equal((2, _broker.AddressOf(2).Port), (refused.NodeEndpoints.Single().NodeId, refused.NodeEndpoints.Single().Port));
        // An older version has no room for it.
        var old = await _one.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("lost")));
        Assert.Equal(ErrorCode.NotLeaderOrFollower, old.Responses[0].PartitionResponses[0].ErrorCode);
        var taken = await _two.AskAsync<ProduceResponse>(ApiKey.Produce, 12, Conversation.Produce("t", Conversation.Batch("kept")));
        Assert.Equal((ErrorCode.None, 0L), (taken.Responses[0].PartitionResponses[0].ErrorCode, taken.Responses[0].PartitionResponses[0].BaseOffset));
        // What was not moved is where it was, and what one node took the other has.
        var other = await _two.AskAsync<ProduceResponse>(ApiKey.Produce, 12, Conversation.Produce("t", Conversation.Batch("no"), partition: 1));
        Assert.Equal(ErrorCode.NotLeaderOrFollower, other.Responses[0].PartitionResponses[0].ErrorCode);
        await _broker.MoveLeaderAsync("t", 0, 1);
        Assert.Equal(["kept"], await ConnectionTests.ValuesAsync(_one, "t"));
    }

    [Theory]
    [InlineData(-1, ErrorCode.NotLeaderOrFollower, ErrorCode.None)]
    [InlineData(0, ErrorCode.FencedLeaderEpoch, ErrorCode.FencedLeaderEpoch)]
    [InlineData(1, ErrorCode.NotLeaderOrFollower, ErrorCode.None)]
    [InlineData(2, ErrorCode.UnknownLeaderEpoch, ErrorCode.UnknownLeaderEpoch)]
    public async Task Readers_are_fenced_by_their_epoch_first(int epoch, ErrorCode atOld, ErrorCode atNew)
    {
        await _one.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a")));
        await _broker.MoveLeaderAsync("t", 0, 2);
        await _two.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("b")));
        foreach (var (client, expected) in new[] { (_one, atOld), (_two, atNew) })
        {
            var fetched = await client.AskAsync<FetchResponse>(ApiKey.Fetch, 16, Fetch(epoch, 0));
            var answer = fetched.Responses[0].Partitions[0];
            var isTold = expected is ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch;
            Assert.Equal((expected, isTold ? 2 : -1, isTold ? 1 : 0), (answer.ErrorCode, answer.CurrentLeader.LeaderId, fetched.NodeEndpoints.Count));
            var offsets = await client.AskAsync<ListOffsetsResponse>(ApiKey.ListOffsets, 9, new ListOffsetsRequest
            {
                Topics = [new ListOffsetsRequest.Topic { Name = "t", Partitions = [new ListOffsetsRequest.Partition { CurrentLeaderEpoch = epoch, Timestamp = -1 }] }],
            });
            Assert.Equal((expected, expected == ErrorCode.None ? 2 : -1), (offsets.Topics[0].Partitions[0].ErrorCode, offsets.Topics[0].Partitions[0].Offset));
            var ends = await client.AskAsync<OffsetForLeaderEpochResponse>(ApiKey.OffsetForLeaderEpoch, 4, new OffsetForLeaderEpochRequest
            {
                Topics = [new OffsetForLeaderEpochRequest.EpochTopic { Topic = "t", Partitions = [new OffsetForLeaderEpochRequest.EpochPartition { CurrentLeaderEpoch = epoch, LeaderEpoch = 0 }] }],
            });
            // The first record is of the old epoch, the second of the new one.
            Assert.Equal((expected, expected == ErrorCode.None ? 1 : -1), (ends.Topics[0].Partitions[0].ErrorCode, ends.Topics[0].Partitions[0].EndOffset));
        }
    }

    [Fact]
    public async Task A_fetch_that_waits_at_the_old_leader_is_answered_when_it_moves()
    {
        var hour = (int)TimeSpan.FromHours(1).TotalMilliseconds;
        var begun = await _one.AskAsync<FetchResponse>(ApiKey.Fetch, 16, Fetch(0, 0, sessionEpoch: 0));
        await _one.SendAsync(ApiKey.Fetch, 16, new FetchRequest { MaxWaitMs = hour, MinBytes = 1, MaxBytes = 1 << 20, SessionId = begun.SessionId, SessionEpoch = 1 });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_broker.Server.Topics.Find("t")!.Partitions[0].Fetches.Count == 0) await Task.Delay(1, patience.Token);
        await _broker.MoveLeaderAsync("t", 0, 2);
        var told = await _one.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 16);
        Assert.Equal((ErrorCode.FencedLeaderEpoch, 2), (told.Responses[0].Partitions[0].ErrorCode, told.Responses[0].Partitions[0].CurrentLeader.LeaderId));
    }

    [Fact]
    public async Task Coordinators_move_with_what_they_keep()
    {
        Assert.Equal((1, 1), (await CoordinatorAsync(0, "g"), await CoordinatorAsync(1, "x")));
        await CommitAsync(_one, 7, ErrorCode.None);
        await CommitAsync(_two, 8, ErrorCode.NotCoordinator);
        await _broker.MoveGroupAsync("g", 2);
        Assert.Equal((2, 1), (await CoordinatorAsync(0, "g"), await CoordinatorAsync(1, "x")));
        await CommitAsync(_one, 9, ErrorCode.NotCoordinator);
        var kept = await _two.AskAsync<OffsetFetchResponse>(ApiKey.OffsetFetch, 8, new OffsetFetchRequest { Groups = [new OffsetFetchRequest.Group { GroupId = "g", Topics = null }] });
        Assert.Equal(7, kept.Groups[0].Topics[0].Partitions[0].CommittedOffset);
        Assert.Empty((await _one.AskAsync<ListGroupsResponse>(ApiKey.ListGroups, 4, new ListGroupsRequest())).Groups);
        Assert.Equal("g", (await _two.AskAsync<ListGroupsResponse>(ApiKey.ListGroups, 4, new ListGroupsRequest())).Groups.Single().GroupId);
        await _broker.MoveTransactionsAsync("x", 2);
        Assert.Equal((2, 2), (await CoordinatorAsync(0, "g"), await CoordinatorAsync(1, "x")));
        foreach (var (client, expected) in new[] { (_one, ErrorCode.NotCoordinator), (_two, ErrorCode.None) })
        {
            var init = await client.AskAsync<InitProducerIdResponse>(ApiKey.InitProducerId, 4, new InitProducerIdRequest { TransactionalId = "x", TransactionTimeoutMs = 60_000 });
            Assert.Equal(expected, init.ErrorCode);
        }

        // An id that is not for transactions comes from anywhere.
        Assert.Equal(ErrorCode.None, (await _one.AskAsync<InitProducerIdResponse>(ApiKey.InitProducerId, 4, new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 60_000 })).ErrorCode);
    }

    [Fact]
    public async Task A_restart_keeps_ports_and_leaders()
    {
        await _broker.MoveLeaderAsync("t", 1, 2);
        var addresses = _broker.BootstrapServers;
        await _broker.RestartAsync();
        Assert.Equal(addresses, _broker.BootstrapServers);
        _one.Dispose();
        _two.Dispose();
        await ConnectAsync();
        Assert.Equal([(1, 0), (2, 1)], await LeadersAsync(_two));
    }

    [Fact]
    public async Task What_cannot_be_moved_is_refused_by_name()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _broker.MoveLeaderAsync("t", 0, 3));
        await Assert.ThrowsAsync<ArgumentException>(() => _broker.MoveLeaderAsync("t", 2, 2));
        await Assert.ThrowsAsync<ArgumentException>(() => _broker.MoveLeaderAsync("u", 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => _broker.AddressOf(3));
        await using var alone = await EmbeddedBroker.StartAsync();
        Assert.Contains("Nodes = 2", (await Assert.ThrowsAsync<InvalidOperationException>(() => alone.MoveLeaderAsync("t", 0, 2))).Message, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions
        {
            Nodes = 2, Settings = new Dictionary<string, string> { ["listeners"] = "PLAINTEXT://127.0.0.1:0" },
        }));
        Assert.Contains("listeners", refused.Message, StringComparison.Ordinal);
    }

    private async Task ConnectAsync() => (_one, _two) = (await Conversation.ConnectAsync(_broker.AddressOf(1)), await Conversation.ConnectAsync(_broker.AddressOf(2)));

    private async Task<List<(int Leader, int Epoch)>> LeadersAsync(Conversation client)
    {
        var metadata = await client.AskAsync<MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest { Topics = [new MetadataRequest.Topic { Name = "t" }] });
        Assert.Equal([(1, _broker.AddressOf(1).Port), (2, _broker.AddressOf(2).Port)], metadata.Brokers.Select(static broker => (broker.NodeId, broker.Port)));
        Assert.All(metadata.Topics[0].Partitions, static partition => Assert.Equal([1, 2], partition.IsrNodes));
        return [.. metadata.Topics[0].Partitions.Select(static partition => (partition.LeaderId, partition.LeaderEpoch))];
    }

    private async Task<int> CoordinatorAsync(sbyte type, string key)
    {
        var many = await _one.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { KeyType = type, CoordinatorKeys = [key] });
        var one = await _two.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 3, new FindCoordinatorRequest { KeyType = type, Key = key });
        Assert.Equal((one.NodeId, one.Port), (many.Coordinators[0].NodeId, many.Coordinators[0].Port));
        Assert.Equal(_broker.AddressOf(one.NodeId).Port, one.Port);
        return one.NodeId;
    }

    private static async Task CommitAsync(Conversation client, long offset, ErrorCode expected)
    {
        var committed = await client.AskAsync<OffsetCommitResponse>(ApiKey.OffsetCommit, 8, new OffsetCommitRequest
        {
            GroupId = "g", GenerationIdOrMemberEpoch = -1,
            Topics = [new OffsetCommitRequest.Topic { Name = "t", Partitions = [new OffsetCommitRequest.Partition { CommittedOffset = offset }] }],
        });
        Assert.Equal(expected, committed.Topics[0].Partitions[0].ErrorCode);
    }

    private FetchRequest Fetch(int epoch, long offset, int sessionEpoch = -1) => new()
    {
        MaxBytes = 1 << 20,
        SessionEpoch = sessionEpoch,
        Topics = [new FetchRequest.FetchTopic { TopicId = _topic, Partitions = [new FetchRequest.FetchPartition { CurrentLeaderEpoch = epoch, FetchOffset = offset, PartitionMaxBytes = 1 << 20 }] }],
    };
}
