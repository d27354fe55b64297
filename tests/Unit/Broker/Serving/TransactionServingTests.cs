using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Broker.Serving;

/// <summary>Transactions over the wire: what is seen when, and what an answer promises of the disk.</summary>
public class TransactionServingTests
{
    private const short Committed = 1;

    [Fact]
    public async Task What_is_committed_is_shown_and_what_is_aborted_is_told_in_both_protocols()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        var (id, epoch) = await TransactionTalk.StartAsync(client, "a");
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, 12, "t", "a", (id, epoch), 0, "one"));
        Assert.Equal(0, await StableAsync(client));
        var ended = await EndAsync(client, 5, "a", id, epoch, isCommit: true);
        Assert.Equal((ErrorCode.None, id, (short)(epoch + 1)), (ended.ErrorCode, ended.ProducerId, ended.ProducerEpoch));
        Assert.Equal(2, await StableAsync(client));

        // A late batch of the epoch that has ended.
        Assert.Equal(ErrorCode.InvalidProducerEpoch, await TransactionTalk.PutAsync(client, 12, "t", "a", (id, epoch), 1, "late"));
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, 12, "t", "a", (id, (short)(epoch + 1)), 0, "two"));
        Assert.Equal(ErrorCode.None, (await EndAsync(client, 5, "a", id, (short)(epoch + 1), isCommit: false)).ErrorCode);

        var (old, first) = await TransactionTalk.StartAsync(client, "b");
        Assert.Equal(ErrorCode.InvalidTxnState, await TransactionTalk.PutAsync(client, 9, "t", "b", (old, first), 0, "not added"));
        Assert.Equal(ErrorCode.TransactionAbortable, await TransactionTalk.PutAsync(client, 11, "t", "b", (old, first), 0, "not added"));
        await AddAsync(client, "b", old, first);
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, 9, "t", "b", (old, first), 0, "three"));
        Assert.Equal(ErrorCode.None, (await EndAsync(client, 4, "b", old, first, isCommit: true)).ErrorCode);

        var read = await ReadAsync(client);
        Assert.Equal([(id, 2L)], read.AbortedTransactions!.Select(static aborted => (aborted.ProducerId, aborted.FirstOffset)));
        Assert.Equal(6, read.LastStableOffset);
    }

    [Fact]
    public async Task Batches_that_wait_for_the_coordinator_stay_in_order()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        var (id, epoch) = await TransactionTalk.StartAsync(client, "a");
        for (var sequence = 0; sequence < 5; sequence++) await client.SendAsync(ApiKey.Produce, 12, TransactionTalk.Put("t", "a", (id, epoch), sequence, "v"));
        for (var sequence = 0; sequence < 5; sequence++)
        {
            var answer = (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 12)).Responses[0].PartitionResponses[0];
            Assert.Equal((ErrorCode.None, sequence), (answer.ErrorCode, answer.BaseOffset));
        }
    }

    [Fact]
    public async Task A_second_producer_ends_what_the_first_left_open_and_fences_him()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        var (id, epoch) = await TransactionTalk.StartAsync(client, "a");
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, 12, "t", "a", (id, epoch), 0, "one"));
        var (same, later) = await TransactionTalk.StartAsync(client, "a");
        Assert.Equal(id, same);
        Assert.True(later > epoch);
        Assert.Equal(ErrorCode.ProducerFenced, (await EndAsync(client, 5, "a", id, epoch, isCommit: true)).ErrorCode);
        Assert.Equal(2, await StableAsync(client));
        Assert.Single((await ReadAsync(client)).AbortedTransactions!);
    }

    /// <summary>The topic is content with the page cache; what a transaction's end has promised is on disk all the same.</summary>
    [Fact]
    public async Task An_end_that_was_answered_survives_the_loss_of_power_whatever_the_topic_is_content_with()
    {
        var disk = new MemoryFileSystem();
        var settings = new Dictionary<string, string> { ["moldau.durability"] = "page-cache" };
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: settings))
        {
            using var client = await broker.ConnectAsync();
            await client.CreateAsync("t");
            var (id, epoch) = await TransactionTalk.StartAsync(client, "a");
            Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, 12, "t", "a", (id, epoch), 0, "one"));
            Assert.Equal(ErrorCode.None, (await EndAsync(client, 5, "a", id, epoch, isCommit: true)).ErrorCode);
            disk.StopsAfter = disk.Operations;
        }

        await using var again = await TestBroker.StartAsync(disk: disk.AfterCrash(new Random(5)), settings: settings);
        using var reader = await again.ConnectAsync();
        Assert.Equal(2, await StableAsync(reader));
        var described = await reader.AskAsync<DescribeTransactionsResponse>(ApiKey.DescribeTransactions, 0, new DescribeTransactionsRequest { TransactionalIds = ["a"] });
        Assert.Equal("CompleteCommit", described.TransactionStates[0].TransactionState);
    }

    private static async Task AddAsync(Conversation client, string transaction, long id, short epoch)
    {
        var topic = new AddPartitionsToTxnRequest.Topic { Name = "t", Partitions = [0] };
        var added = await client.AskAsync<AddPartitionsToTxnResponse>(ApiKey.AddPartitionsToTxn, 3, new AddPartitionsToTxnRequest
        {
            V3AndBelowTransactionalId = transaction, V3AndBelowProducerId = id, V3AndBelowProducerEpoch = epoch, V3AndBelowTopics = [topic],
        });
        Assert.Equal(ErrorCode.None, added.ResultsByTopicV3AndBelow[0].ResultsByPartition[0].PartitionErrorCode);
    }

    private static Task<EndTxnResponse> EndAsync(Conversation client, short version, string transaction, long id, short epoch, bool isCommit) =>
        client.AskAsync<EndTxnResponse>(ApiKey.EndTxn, version, new EndTxnRequest { TransactionalId = transaction, ProducerId = id, ProducerEpoch = epoch, Committed = isCommit });

    private static async Task<long> StableAsync(Conversation client)
    {
        var asked = new ListOffsetsRequest.Topic { Name = "t", Partitions = [new ListOffsetsRequest.Partition { PartitionIndex = 0, Timestamp = -1, CurrentLeaderEpoch = -1 }] };
        var told = await client.AskAsync<ListOffsetsResponse>(ApiKey.ListOffsets, 7, new ListOffsetsRequest { ReplicaId = -1, IsolationLevel = (sbyte)Committed, Topics = [asked] });
        return told.Topics[0].Partitions[0].Offset;
    }

    private static async Task<FetchResponse.FetchedPartition> ReadAsync(Conversation client)
    {
        var fetch = Conversation.Fetch("t", 0);
        fetch.IsolationLevel = (sbyte)Committed;
        return (await client.AskAsync<FetchResponse>(ApiKey.Fetch, 12, fetch)).Responses[0].Partitions[0];
    }
}
