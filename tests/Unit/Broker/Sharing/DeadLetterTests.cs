using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Sharing;

/// <summary>What a group gives up is copied into its topic for dead letters, and done with only then, whatever fails.</summary>
public sealed class DeadLetterTests : IDisposable
{
    private const string Rejected = "group g | delivery.count 1 | message Offset rejected by client.";

    private readonly LogLines _log = new();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    public async Task What_is_rejected_or_delivered_too_often_is_copied_in_full(CompressionType compression)
    {
        await using var talk = await QueueTalk.StartAsync();
        await talk.MakeAsync();
        await talk.MakeDeadAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"), ("share.delivery.count.limit", "2"));
        await talk.ProduceAsync("ab.", compression);
        using var member = await talk.JoinAsync("one");
        Assert.Equal("0-2x1", ShareMember.Text(await member.TakeAsync()));
        Assert.Equal(ErrorCode.None, (await member.AcknowledgeAsync(said: [(0, 0, [1]), (1, 1, [3]), (2, 2, [2])])).ErrorCode);
        Assert.Equal("2-2x2", ShareMember.Text(await member.TakeAsync()));
        await member.AcknowledgeAsync(said: [(2, 2, [2])]);
        Assert.Equal(
        [
            $"b=b1 | from a test | topic t | partition 0 | offset 1 | {Rejected} | moldau.dead.timestamp 1700000000001",
            "-=.2 | from a test | topic t | partition 0 | offset 2 | group g | delivery.count 2 | message Offset delivery count exceeded the threshold. | moldau.dead.timestamp 1700000000002",
        ], await talk.LettersAsync(2));
        await EventuallyStored(talk, 2, "done");
        Assert.Empty((await member.FetchAsync()).Responses);
    }

    [Fact]
    public async Task Only_where_it_lies_is_told_where_that_is_wanted()
    {
        await using var talk = await QueueTalk.StartAsync();
        await talk.MakeAsync();
        await talk.MakeDeadAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"), ("errors.deadletterqueue.copy.record.enable", "false"));
        await talk.ProduceAsync("ab");
        await RejectAsync(talk, 0, 1);
        Assert.Equal([$"-=- | topic t | partition 0 | offset 0 | {Rejected}", $"-=- | topic t | partition 0 | offset 1 | {Rejected}"], await talk.LettersAsync(2));
    }

    [Fact]
    public async Task Without_a_topic_for_them_nothing_is_copied()
    {
        await using var talk = await QueueTalk.StartAsync();
        await talk.MakeAsync();
        await talk.ProduceAsync("ab");
        await RejectAsync(talk, 0, 1);
        await EventuallyStored(talk, 1, "done");
    }

    [Fact]
    public async Task A_topic_that_is_missing_is_made_where_that_is_allowed()
    {
        await using var talk = await QueueTalk.StartAsync(settings: new() { ["errors.deadletterqueue.auto.create.topics.enable"] = "true" });
        await talk.MakeAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        await talk.ProduceAsync("a");
        await RejectAsync(talk, 0, 0);
        Assert.Single(await talk.LettersAsync(1));
        Assert.True(talk.Broker.Server.Topics.Find("dlq.t")!.Settings.TakesDeadLetters);
    }

    [Theory]
    [InlineData("dlq.t", "there is no such topic: create it with errors.deadletterqueue.group.enable=true")]
    [InlineData("dead.t", "the name does not begin with 'dlq.'")]
    [InlineData("t", "the records lie in that topic themselves")]
    public async Task What_cannot_be_copied_waits_and_the_log_says_why_and_others_go_on(string topic, string why)
    {
        await using var talk = await QueueTalk.StartAsync(log: _log);
        await talk.MakeAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", topic));
        await talk.ProduceAsync("aaa");
        await RejectAsync(talk, 0, 1);
        await QueueTalk.Eventually(() => Logged(why), $"a line that says {why}");
        Assert.True(Logged($"offset 0 of t-0, and 1 records more, which share group g gave up, could not be copied into {topic}"));
        Assert.Equal("3x1", await talk.StoredAsync(0));
        using var other = await talk.JoinAsync("other");
        Assert.Equal("2-2x1", ShareMember.Text(await other.TakeAsync()));
        await other.AcknowledgeAsync(said: [(2, 2, [1])]);
        // What is wrong is made right: nothing was lost.
        await talk.MakeDeadAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        Assert.Equal(2, (await talk.LettersAsync(2)).Count);
        await EventuallyStored(talk, 2, "done");
    }

    [Fact]
    public async Task A_topic_that_does_not_allow_it_takes_none_until_it_does()
    {
        await using var talk = await QueueTalk.StartAsync(log: _log);
        await talk.MakeAsync();
        await talk.Client.CreateAsync("dlq.t");
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        await talk.ProduceAsync("a");
        await RejectAsync(talk, 0, 0);
        await QueueTalk.Eventually(() => Logged("the topic does not allow it: set its errors.deadletterqueue.group.enable to true"), "a line");
        Assert.Empty(await talk.LettersAsync("dlq.t"));
        await talk.SetAsync(2, "dlq.t", ("errors.deadletterqueue.group.enable", "true"));
        Assert.Single(await talk.LettersAsync(1));
    }

    [Fact]
    public async Task A_topic_that_is_compacted_takes_none_since_it_would_drop_them()
    {
        await using var talk = await QueueTalk.StartAsync(log: _log);
        await talk.MakeAsync();
        await talk.MakeDeadAsync("dlq.t", ("cleanup.policy", "compact"));
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        await talk.ProduceAsync("a.");
        await RejectAsync(talk, 0, 1);
        await QueueTalk.Eventually(() => Logged("the topic is compacted, which would drop letters of the same key: set its cleanup.policy to delete"), "a line");
        Assert.Empty(await talk.LettersAsync("dlq.t"));
        await talk.SetAsync(2, "dlq.t", ("cleanup.policy", "delete"));
        Assert.Equal(2, (await talk.LettersAsync(2)).Count);
    }

    [Fact]
    public async Task A_group_that_reads_its_own_dead_letters_copies_none_back_to_itself()
    {
        await using var talk = await QueueTalk.StartAsync(settings: new() { ["errors.deadletterqueue.topic.name.prefix"] = "" }, log: _log);
        await talk.MakeAsync();
        await talk.SetAsync(2, "t", ("errors.deadletterqueue.group.enable", "true"));
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "t"));
        await talk.ProduceAsync("a");
        await RejectAsync(talk, 0, 0);
        await QueueTalk.Eventually(() => Logged("the records lie in that topic themselves: name another one"), "a line");
        Assert.Single(await talk.LettersAsync("t"));
        await talk.MakeDeadAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        Assert.Single(await talk.LettersAsync(1));
    }

    [Fact]
    public async Task One_that_is_too_large_waits_alone()
    {
        await using var talk = await QueueTalk.StartAsync(log: _log);
        await talk.MakeAsync();
        await talk.MakeDeadAsync("dlq.t", ("max.message.bytes", "400"));
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        await talk.ProduceAsync("a");
        var large = await talk.Client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch(new string('x', 1000))));
        Assert.Equal(ErrorCode.None, large.Responses[0].PartitionResponses[0].ErrorCode);
        await talk.ProduceAsync("c");
        await RejectAsync(talk, 0, 2);
        Assert.Equal(["a=a0", "c=c0"], (await talk.LettersAsync(2)).Select(static letter => letter.Split(' ')[0]));
        await QueueTalk.Eventually(() => Logged("max.message.bytes (400)"), "a line");
        await talk.SetAsync(2, "dlq.t", ("max.message.bytes", "100000"));
        Assert.StartsWith("-=xxx", (await talk.LettersAsync(3))[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_delays_it_and_loses_nothing()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using var talk = await QueueTalk.StartAsync(disk, log: _log);
        await talk.MakeAsync();
        await talk.MakeDeadAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        await talk.ProduceAsync("a");
        disk.Fault = static (operation, path) => operation == DiskOperation.Write && path.Contains("/dlq.t-0/", StringComparison.Ordinal) ? DiskFault.Full : null;
        await RejectAsync(talk, 0, 0);
        await QueueTalk.Eventually(() => Logged("could not be copied into dlq.t"), "a line");
        Assert.Equal("3x1", await talk.StoredAsync(0));
        disk.Fault = null;
        Assert.Single(await talk.LettersAsync(1));
        await EventuallyStored(talk, 0, "done");
    }

    [Fact]
    public async Task A_restart_between_goes_on_with_it()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using (var talk = await QueueTalk.StartAsync(disk))
        {
            await talk.MakeAsync();
            await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
            await talk.ProduceAsync("ab");
            await RejectAsync(talk, 0, 0);
            Assert.Equal("3x1", await talk.StoredAsync(0));
        }

        await using var again = await QueueTalk.StartAsync(disk);
        await again.FindAsync();
        await again.MakeDeadAsync();
        using var member = await again.JoinAsync("one");
        Assert.Equal("1-1x1", ShareMember.Text(await member.TakeAsync()));
        Assert.Equal([$"a=a0 | from a test | topic t | partition 0 | offset 0 | {Rejected} | moldau.dead.timestamp 1700000000000"], await again.LettersAsync(1));
        await EventuallyStored(again, 0, "done");
    }

    [Fact]
    public async Task What_was_deleted_before_it_could_be_copied_is_told_of()
    {
        await using var talk = await QueueTalk.StartAsync();
        await talk.MakeAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        await talk.ProduceAsync("ab");
        await RejectAsync(talk, 0, 0);
        var deleted = await talk.Client.AskAsync<DeleteRecordsResponse>(ApiKey.DeleteRecords, 2, new DeleteRecordsRequest
        {
            Topics = [new DeleteRecordsRequest.Topic { Name = "t", Partitions = [new DeleteRecordsRequest.Partition { PartitionIndex = 0, Offset = 1 }] }], TimeoutMs = 10_000,
        });
        Assert.Equal(ErrorCode.None, deleted.Topics[0].Partitions[0].ErrorCode);
        using var other = await talk.JoinAsync("other");
        await other.FetchAsync();
        await talk.MakeDeadAsync();
        Assert.Equal([$"-=- | topic t | partition 0 | offset 0 | {Rejected} | moldau.dead.missing retention or a deletion of records was faster than the copy"], await talk.LettersAsync(1));
        await EventuallyStored(talk, 0, "done");
    }

    [Fact]
    public async Task Records_of_transactions_are_copied_when_they_are_committed_and_never_when_not()
    {
        await using var talk = await QueueTalk.StartAsync();
        await talk.MakeAsync();
        await talk.MakeDeadAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        var client = talk.Client;
        var (one, two) = (await TransactionTalk.StartAsync(client, "one"), await TransactionTalk.StartAsync(client, "two"));
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, 12, "t", "one", one, 0, "aborted"));
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, 12, "t", "two", two, 0, "committed"));
        await talk.ProduceAsync("c");
        await RejectAsync(talk, 0, 2);
        // The one without a transaction waits for nobody.
        Assert.StartsWith("c=c0", Assert.Single(await talk.LettersAsync(1)), StringComparison.Ordinal);
        await EndAsync(client, "one", one, false);
        await EndAsync(client, "two", two, true);
        Assert.StartsWith("-=committed", (await talk.LettersAsync(2))[1], StringComparison.Ordinal);
        await EventuallyStored(talk, 2, "done");
        Assert.Equal(2, (await talk.LettersAsync("dlq.t")).Count);
    }

    [Fact]
    public async Task A_group_that_has_no_topic_for_them_any_more_lets_go()
    {
        await using var talk = await QueueTalk.StartAsync(log: _log);
        await talk.MakeAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        await talk.ProduceAsync("a");
        await RejectAsync(talk, 0, 0);
        Assert.Equal("3x1", await talk.StoredAsync(0));
        await talk.SetAsync(("errors.deadletterqueue.topic.name", ""));
        await EventuallyStored(talk, 0, "done");
        Assert.True(Logged("are not copied: the group has no errors.deadletterqueue.topic.name any more"));
    }

    private bool Logged(string text) => _log.All.Any(line => line.Contains(text, StringComparison.Ordinal));

    private static async Task RejectAsync(QueueTalk talk, long first, long last)
    {
        using var member = await talk.JoinAsync("rejecting");
        for (var at = first; at <= last;)
        {
            var taken = await member.TakeAsync((int)(last - at + 1), strict: true);
            at = taken.AcquiredRecords[^1].LastOffset + 1;
            for (var i = 0; i < taken.AcquiredRecords.Count; i++)
                Assert.Equal(ErrorCode.None, (await member.AcknowledgeAsync(said: [(taken.AcquiredRecords[i].FirstOffset, taken.AcquiredRecords[i].LastOffset, [3])])).ErrorCode);
        }
    }

    private static async Task EventuallyStored(QueueTalk talk, long offset, string state)
    {
        var patience = DateTime.UtcNow.AddSeconds(30);
        while (await talk.StoredAsync(offset) is var stored && stored != state)
        {
            Assert.True(DateTime.UtcNow < patience, $"{offset} is {stored} after 30 s");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
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
    }
}
