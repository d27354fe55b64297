using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Protocol.Records;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Client.Producing;

/// <summary>Which records share a batch, what time they carry, and when it goes out.</summary>
public class BatchShapeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_partition_has_its_turn_until_a_batch_is_full()
    {
        var broker = new LogBroker(4);
        var counts = new List<int>();
        broker.Faults = request =>
        {
            foreach (var partition in request.TopicData[0].PartitionData) counts.Add(RecordBatch.Read(partition.Records.Bytes.Span).RecordCount);
            return null;
        };
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { BatchBytes = 1000, Linger = TimeSpan.FromHours(1) });

        for (var i = 0; i < 500; i++) await producer.EnqueueAsync("t", new OutgoingRecord { Value = new byte[20] }, Token);
        await producer.FlushAsync(Token);

        // One partition's last batch alone may be less than full.
        counts.Sort();
        Assert.Equal(500, counts.Sum());
        Assert.All(counts.Skip(2), count => Assert.Equal(counts[^1], count));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_waits_for_more_goes_out_when_somebody_waits_for_room()
    {
        var broker = new LogBroker();
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { BufferBytes = 300, BatchBytes = 10_000, Linger = TimeSpan.FromHours(1) });

        for (var i = 0; i < 20; i++) await producer.EnqueueAsync("t", new OutgoingRecord { Value = new byte[20] }, Token);
        Assert.Equal(20, (await producer.FlushAsync(Token)).Delivered);
    }

    [Fact(Timeout = 60_000)]
    public async Task Records_of_one_batch_carry_the_time_of_each()
    {
        var broker = new LogBroker();
        var times = new List<long>();
        broker.Faults = request =>
        {
            var batch = RecordBatch.Read(request.TopicData[0].PartitionData[0].Records.Bytes.Span);
            times.Add(batch.BaseTimestamp);
            times.Add(batch.MaxTimestamp);
            return null;
        };
        var clock = new ManualClock();
        await using var client = new KafkaClient(broker.Options() with { Clock = clock });
        await using var producer = client.CreateProducer(new ProducerOptions { Linger = TimeSpan.FromHours(1) });

        for (var i = 0; i < 3; i++)
        {
            await producer.EnqueueAsync("t", new OutgoingRecord { Value = new byte[1] }, Token);
            clock.Milliseconds += 7;
        }

        await producer.FlushAsync(Token);
        Assert.Equal([1_700_000_000_000, 1_700_000_000_014], times);
    }
}
