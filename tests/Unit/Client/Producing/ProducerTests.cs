using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;
using Moldau.Unit.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Producing;

/// <summary>What becomes of records when a broker's answers are not what one hopes for.</summary>
public class ProducerTests
{
    private readonly List<(int Sequence, int Count)> _batches = [];

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_sent_again_with_the_same_number_and_a_duplicate_counts_as_written()
    {
        var broker = Broker((attempt, answer) =>
        {
            if (attempt == 2) answer.ErrorCode = ErrorCode.DuplicateSequenceNumber;
            return attempt == 1 ? 0 : null;
        });
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer();

        var ack = await producer.SendAsync("t", Record(), TestContext.Current.CancellationToken);
        await producer.SendAsync("t", Record(), TestContext.Current.CancellationToken);

        Assert.Equal(-1, ack.Offset);
        Assert.Equal([(0, 1), (0, 1), (1, 1)], _batches);
        var summary = await producer.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2, 0), (summary.Delivered, summary.Lost.Count));
    }

    [Fact]
    public async Task A_partition_that_moved_is_written_to_its_new_leader()
    {
        var broker = Broker((attempt, answer) =>
        {
            if (attempt == 1) answer.ErrorCode = ErrorCode.NotLeaderOrFollower;
            return null;
        });
        broker.Brokers = [1, 2];
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer();

        broker.On(ApiKey.Metadata, broker.MetadataThen(() => broker.Leader = _batches.Count == 0 ? 1 : 2));
        await producer.SendAsync("t", Record(), TestContext.Current.CancellationToken);

        Assert.Equal([1, 2], broker.Asked.Where(static asked => asked.Key == ApiKey.Produce).Select(static asked => asked.Port));
    }

    [Fact]
    public async Task What_was_refused_for_good_is_told_and_what_follows_takes_its_number()
    {
        var broker = Broker((attempt, answer) =>
        {
            if (attempt == 1) answer.ErrorCode = ErrorCode.InvalidRecord;
            return null;
        });
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer();

        var refused = await Assert.ThrowsAsync<KafkaException>(() => producer.SendAsync("t", Record(), TestContext.Current.CancellationToken).AsTask());
        await producer.SendAsync("t", Record(), TestContext.Current.CancellationToken);

        Assert.Equal((ErrorCode.InvalidRecord, false), (refused.Code, refused.IsFatal));
        Assert.Equal([(0, 1), (0, 1)], _batches);
        var summary = await producer.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (summary.Delivered, summary.Lost.Single().Records));
    }

    [Fact]
    public async Task Records_that_are_handed_over_quickly_share_batches_and_keep_their_order()
    {
        var broker = Broker(static (_, _) => null);
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { BatchBytes = 4096, BufferBytes = 8192 });

        for (var i = 0; i < 2000; i++) await producer.EnqueueAsync("t", Record(), TestContext.Current.CancellationToken);
        var summary = await producer.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2000, summary.Delivered);
        Assert.InRange(_batches.Count, 10, 1000);
        var next = 0;
        foreach (var (sequence, count) in _batches)
        {
            Assert.Equal(next, sequence);
            next += count;
        }
    }

    private static OutgoingRecord Record() => new() { Value = new byte[20] };

    /// <param name="answer">Changes the answer to the given attempt; a number cuts it off there.</param>
    private ScriptedBroker Broker(Func<int, ProduceResponse.Partition, int?> answer)
    {
        var broker = new ScriptedBroker();
        broker.On(ApiKey.InitProducerId, static (_, _, _) => ScriptedReply.Of(new InitProducerIdResponse { ProducerId = 7 }));
        broker.On(ApiKey.Produce, (request, _, _) =>
        {
            var topic = ((ProduceRequest)request).TopicData[0];
            var batch = RecordBatch.Read(topic.PartitionData[0].Records.Bytes.Span);
            batch.EnsureChecksum();
            Assert.Equal(7, batch.ProducerId);
            _batches.Add((batch.BaseSequence, batch.RecordCount));
            var partition = new ProduceResponse.Partition { BaseOffset = 100 };
            var cut = answer(_batches.Count, partition);
            return ScriptedReply.Of(new ProduceResponse { Responses = [new ProduceResponse.Topic { TopicId = topic.TopicId, PartitionResponses = [partition] }] }) with { CutAt = cut };
        });
        return broker;
    }
}
