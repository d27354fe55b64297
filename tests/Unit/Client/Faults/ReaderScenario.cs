using System.Globalization;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Testing.Faults;
using Xunit;

namespace Moldau.Unit.Client.Faults;

/// <summary>A consumer without a group: everything is read once and in order.</summary>
/// <param name="moves">Whether other brokers lead when half of it is read: they are asked whether what was read is theirs too.</param>
internal sealed class ReaderScenario(bool moves = false) : FaultScenario
{
    private const int Records = 40;

    protected override int Nodes => moves ? 2 : 1;

    protected override Task PrepareAsync() => WriteAsync(0, Records / 2);

    protected override async Task WorkAsync(KafkaClient kafka, Fault fault)
    {
        var read = Enumerable.Range(0, Partitions).Select(static _ => new List<string>()).ToArray();
        await using var consumer = Consumer(kafka);
        var hasMore = false;
        await foreach (var record in consumer.ReadAllAsync())
        {
            read[record.Partition].Add(record.Value!);
            if (read.Sum(static values => values.Count) < Records / 2 * Partitions) continue;
            if (!hasMore)
            {
                await MoveAsync();
                await WriteAsync(Records / 2, Records / 2);
            }

            hasMore = true;
            if (read.Sum(static values => values.Count) == Records * Partitions) break;
        }

        var expected = Enumerable.Range(0, Records).Select(static i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        Assert.All(read, values => Assert.Equal(expected, values));
    }

    protected override async Task CloseAsync(KafkaClient kafka, Fault fault, bool isClientFirst)
    {
        var consumer = Consumer(kafka);
        var reading = Task.Run(async () =>
        {
            var count = 0;
            await foreach (var record in consumer.ReadAllAsync())
            {
                Assert.Equal(Topic, record.Topic);
                if (++count == Records / 2 * Partitions) await MoveAsync();
            }
        });
        await UntilItHappensAsync(fault, reading);
        if (isClientFirst) await kafka.DisposeAsync();
        await consumer.DisposeAsync();
        var told = await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(Patience));
        Assert.True(told is ObjectDisposedException or KafkaException { IsFatal: true }, $"told {told.GetType()}");
    }

    private async Task MoveAsync()
    {
        for (var partition = 0; moves && partition < Partitions; partition++) await Broker.MoveLeaderAsync(Topic, partition, 2);
    }

    private static Consumer<string, string> Consumer(KafkaClient kafka) => kafka.CreateConsumer<string, string>(new ConsumerOptions
    {
        Topics = [Topic], LongestWait = TimeSpan.FromMilliseconds(50), PartitionBytes = 100, MaxBytes = 200,
    });
}
