using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Producing;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Testing;
using Moldau.Unit.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Producing.Transactions;

/// <summary>Transactions with the real coordinator, and what is asked of one that is older.</summary>
public class TransactionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task What_is_committed_is_read_and_what_is_aborted_is_not()
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        await using var kafka = await ClientOfAsync(broker);
        await using var producer = kafka.CreateProducer<string, string>("t", new ProducerOptions<string, string> { TransactionalId = "a" });

        for (var round = 0; round < 3; round++)
        {
            await using (var kept = await producer.BeginAsync(Token))
            {
                for (var i = 0; i < 10; i++) await producer.EnqueueAsync($"k{i}", $"kept {round}", Token);
                await kept.CommitAsync(Token);
            }

            await using (var left = await producer.BeginAsync(Token))
            {
                for (var i = 0; i < 10; i++) await producer.EnqueueAsync($"k{i}", $"left {round}", Token);
            }

            await using var undone = await producer.BeginAsync(Token);
            await producer.SendAsync("k", $"undone {round}", Token);
            await undone.AbortAsync(Token);
        }

        var values = await ReadAsync(kafka);
        Assert.Equal(30, values.Count);
        Assert.All(values, static value => Assert.StartsWith("kept", value, StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Offsets_are_committed_with_it()
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        await using var kafka = await ClientOfAsync(broker);
        await using var producer = kafka.CreateProducer(new ProducerOptions { TransactionalId = "a" });
        var group = new GroupIdentity("g", "", -1, null);

        await using (var left = await producer.BeginAsync(Token))
            await left.SendOffsetsAsync(group, new Dictionary<TopicPartition, OffsetPosition> { [new("t", 0)] = new(3) }, Token);
        await using (var kept = await producer.BeginAsync(Token))
        {
            await kept.SendOffsetsAsync(group, new Dictionary<TopicPartition, OffsetPosition> { [new("t", 1)] = new(7, 0, "here") }, Token);
            await kept.CommitAsync(Token);
        }

        var offsets = await kafka.Groups.OffsetsAsync("g", cancellation: Token);
        Assert.Equal((1, 7L), (offsets.Single().Key.Partition, offsets.Single().Value.Get().Offset));
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_begins_later_fences_whoever_had_the_id()
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        await using var kafka = await ClientOfAsync(broker);
        await using var first = kafka.CreateProducer(new ProducerOptions { TransactionalId = "a" });
        await using var second = kafka.CreateProducer(new ProducerOptions { TransactionalId = "a" });

        await using var old = await first.BeginAsync(Token);
        await first.SendAsync("t", new OutgoingRecord { Value = "old"u8.ToArray() }, Token);
        await using var young = await second.BeginAsync(Token);
        await second.SendAsync("t", new OutgoingRecord { Value = "young"u8.ToArray() }, Token);

        var fenced = await Assert.ThrowsAsync<ProducerFencedException>(() => old.CommitAsync(Token));
        Assert.True(fenced.IsFatal);
        await Assert.ThrowsAsync<ProducerFencedException>(() => first.BeginAsync(Token));
        await young.CommitAsync(Token);
        Assert.Equal(["young"], await ReadAsync(kafka));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_record_that_is_lost_leaves_only_the_abort_and_the_next_goes_well()
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        await using var kafka = await ClientOfAsync(broker);
        await kafka.Topics.CreateAsync([new NewTopic("small") { Partitions = 1, Configs = new Dictionary<string, string> { ["max.message.bytes"] = "500" } }], cancellation: Token);
        await using var producer = kafka.CreateProducer(new ProducerOptions { TransactionalId = "a" });

        await using (var bad = await producer.BeginAsync(Token))
        {
            await producer.EnqueueAsync("t", new OutgoingRecord { Value = "bad"u8.ToArray() }, Token);
            await Assert.ThrowsAsync<KafkaException>(() => producer.SendAsync("small", new OutgoingRecord { Value = new byte[1000] }, Token).AsTask());
            Assert.Equal(ErrorCode.MessageTooLarge, (await Assert.ThrowsAsync<KafkaException>(() => bad.CommitAsync(Token))).Code);
        }

        await using var good = await producer.BeginAsync(Token);
        await producer.EnqueueAsync("t", new OutgoingRecord { Value = "good"u8.ToArray() }, Token);
        await producer.EnqueueAsync("small", new OutgoingRecord { Value = "good"u8.ToArray() }, Token);
        await good.CommitAsync(Token);
        Assert.Equal(["good"], await ReadAsync(kafka));
    }

    /// <summary>Who hears first that a record was lost, the transaction or who commits it, is a race: a few hundred of them.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_committed_that_a_record_is_missing_from_and_the_next_transaction_is_not_blamed()
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        await using var kafka = await ClientOfAsync(broker);
        await kafka.Topics.CreateAsync([new NewTopic("small") { Partitions = 1, Configs = new Dictionary<string, string> { ["max.message.bytes"] = "500" } }], cancellation: Token);
        await using var producer = kafka.CreateProducer(new ProducerOptions { TransactionalId = "a", Linger = TimeSpan.Zero });
        for (var round = 0; round < 300; round++)
        {
            await using (var bad = await producer.BeginAsync(Token))
            {
                await producer.EnqueueAsync("small", new OutgoingRecord { Value = new byte[1000] }, Token);
                Assert.Equal(ErrorCode.MessageTooLarge, (await Assert.ThrowsAsync<KafkaException>(() => bad.CommitAsync(Token))).Code);
            }

            await using (await producer.BeginAsync(Token))
            {
                for (var i = 0; i < 4; i++) await producer.EnqueueAsync("t", new OutgoingRecord { Value = "left"u8.ToArray(), Partition = i % 2 }, Token);
            }

            await using var good = await producer.BeginAsync(Token);
            await producer.SendAsync("t", new OutgoingRecord { Value = "good"u8.ToArray(), Partition = round % 2 }, Token);
            await good.CommitAsync(Token);
        }

        var values = await ReadAsync(kafka);
        Assert.Equal(300, values.Count);
        Assert.All(values, static value => Assert.Equal("good", value));
    }

    [Fact(Timeout = 60_000)]
    public async Task Brokers_without_the_feature_are_told_of_partitions_and_offsets_first()
    {
        var log = new LogBroker(2);
        var broker = log.Scripted;
        var failures = 2;
        broker.On(ApiKey.FindCoordinator, static (request, _, _) => ScriptedReply.Of(new FindCoordinatorResponse
        {
            Coordinators = [new FindCoordinatorResponse.Coordinator { Key = ((FindCoordinatorRequest)request).CoordinatorKeys[0], NodeId = 2 }],
        }));
        broker.On(ApiKey.AddPartitionsToTxn, (request, _, _) =>
        {
            var code = failures-- > 0 ? ErrorCode.ConcurrentTransactions : ErrorCode.None;
            var response = new AddPartitionsToTxnResponse();
            foreach (var topic in ((AddPartitionsToTxnRequest)request).V3AndBelowTopics)
            {
                var results = new AddPartitionsToTxnResponse.Topic { Name = topic.Name };
                foreach (var partition in topic.Partitions) results.ResultsByPartition.Add(new AddPartitionsToTxnResponse.Partition { PartitionIndex = partition, PartitionErrorCode = code });
                response.ResultsByTopicV3AndBelow.Add(results);
            }

            return ScriptedReply.Of(response);
        });
        broker.On(ApiKey.AddOffsetsToTxn, static (_, _, _) => ScriptedReply.Of(new AddOffsetsToTxnResponse()));
        broker.On(ApiKey.TxnOffsetCommit, static (_, _, _) => ScriptedReply.Of(new TxnOffsetCommitResponse()));
        broker.On(ApiKey.EndTxn, static (_, _, _) => ScriptedReply.Of(new EndTxnResponse()));
        await using var kafka = new KafkaClient(log.Options());
        await using var producer = kafka.CreateProducer(new ProducerOptions { TransactionalId = "a" });

        await using (var transaction = await producer.BeginAsync(Token))
        {
            for (var i = 0; i < 2; i++) await producer.EnqueueAsync("t", new OutgoingRecord { Value = "x"u8.ToArray(), Partition = i }, Token);
            await transaction.SendOffsetsAsync(new GroupIdentity("g", "m", 3, null), new Dictionary<TopicPartition, OffsetPosition> { [new("t", 0)] = new(1) }, Token);
            await transaction.CommitAsync(Token);
        }

        Assert.Equal(["x"], log.Log(0));
        Assert.Equal(["x"], log.Log(1));
        var asked = broker.Asked.Where(static asked => asked.Key is ApiKey.Produce or ApiKey.AddPartitionsToTxn or ApiKey.AddOffsetsToTxn or ApiKey.TxnOffsetCommit or ApiKey.EndTxn).ToList();
        Assert.All(asked, static asked => Assert.True(asked.Version <= asked.Key switch { ApiKey.Produce => 11, ApiKey.AddPartitionsToTxn => 3, _ => 4 }, $"{asked}"));
        Assert.True(asked.FindIndex(static asked => asked.Key == ApiKey.AddPartitionsToTxn) < asked.FindIndex(static asked => asked.Key == ApiKey.Produce));
        Assert.Equal(ApiKey.EndTxn, asked[^1].Key);
        Assert.Equal(1, broker.CountOf(ApiKey.AddOffsetsToTxn));
    }

    private static async Task<KafkaClient> ClientOfAsync(EmbeddedBroker broker)
    {
        var kafka = new KafkaClient(new KafkaClientOptions { Bootstrap = broker.BootstrapServers });
        Assert.All(await kafka.Topics.CreateAsync([new NewTopic("t") { Partitions = 3 }]), static created => Assert.Null(created.Error));
        return kafka;
    }

    private static async Task<List<string>> ReadAsync(KafkaClient kafka)
    {
        var values = new List<string>();
        await using var consumer = kafka.CreateConsumer<string, string>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true });
        await foreach (var record in consumer.ReadAllAsync(Token)) values.Add(record.Value!);
        return values;
    }
}
