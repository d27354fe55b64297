using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Handling;
using Moldau.Client.Producing;
using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Client.Producing;

/// <summary>No key and no value stay none on every way: an empty value is no tombstone, and deletes nothing.</summary>
public class NothingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static OutgoingRecord Of(byte[]? bytes) => new() { Key = bytes, Value = bytes };

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(1)]
    public async Task What_has_no_value_has_none_where_it_is_read_also_where_it_waited_for_room_or_for_its_topic(int room)
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        await using var kafka = new KafkaClient(new() { Bootstrap = broker.BootstrapServers });
        await kafka.Topics.CreateAsync([new NewTopic("t") { Partitions = 1 }], cancellation: Token);
        await using (var producer = kafka.CreateProducer(new ProducerOptions { BufferBytes = room }))
        {
            var sends = Enumerable.Range(0, 20).Select(i => producer.SendAsync("t", Of(i % 2 == 0 ? null : []), Token).AsTask()).ToList();
            await Task.WhenAll(sends);
        }

        await using var consumer = kafka.CreateConsumer<byte[], byte[]>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true });
        await foreach (var record in consumer.ReadAllAsync(Token)) Assert.Equal((record.Offset % 2 == 1, record.Offset % 2 == 0), (record.HasKey, record.IsTombstone));
    }

    [Fact]
    public async Task A_dead_letter_of_a_tombstone_is_one()
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        await using var kafka = new KafkaClient(new() { Bootstrap = broker.BootstrapServers });
        await kafka.Topics.CreateAsync([new NewTopic("t") { Partitions = 1 }, new NewTopic("dead") { Partitions = 1 }], cancellation: Token);
        await using (var producer = kafka.CreateProducer()) await producer.SendAsync("t", new OutgoingRecord(), Token);
        await using (var consumer = kafka.CreateConsumer<byte[], byte[]>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true }))
            await consumer.RunAsync(static (_, _) => throw new InvalidOperationException("as the test wants"), new HandlerOptions { OnError = Failure.DeadLetter("dead") }, Token);
        await using var dead = kafka.CreateConsumer<byte[], byte[]>(new ConsumerOptions { Topics = ["dead"], StopAtEnd = true });
        var count = 0;
        await foreach (var record in dead.ReadAllAsync(Token))
        {
            Assert.Equal((false, true), (record.HasKey, record.IsTombstone));
            count++;
        }

        Assert.Equal(1, count);
    }
}
