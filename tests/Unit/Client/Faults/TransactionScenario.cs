using Moldau.Client;
using Moldau.Client.Groups;
using Moldau.Client.Producing;
using Moldau.Testing.Faults;
using Xunit;

namespace Moldau.Unit.Client.Faults;

/// <summary>Transactions with offsets: what was committed is there once, in order and with its offsets, and nothing else is.</summary>
internal sealed class TransactionScenario(string? release) : FaultScenario
{
    private const string Group = "g";
    private const int Rounds = 3;

    private static readonly ProducerOptions Transactional = new() { TransactionalId = "a", BatchBytes = 1, Linger = TimeSpan.Zero, DeliveryTimeout = TimeSpan.FromHours(1) };

    protected override string? AsKafka => release;

    protected override async Task WorkAsync(KafkaClient kafka, Fault fault)
    {
        var expected = new List<string>();
        await using (var producer = kafka.CreateProducer(Transactional))
        {
            for (var round = 0; round < Rounds; round++)
            {
                for (var attempt = 0; ; attempt++)
                {
                    var values = Enumerable.Range(0, 3).Select(i => $"{round}.{attempt}.{i}").ToList();
                    if (!await TryAsync(producer, values, round)) continue;
                    expected.AddRange(values);
                    break;
                }
            }
        }

        Assert.All(await ReadAsync(), values => Assert.Equal(expected, values));
        Assert.Equal(Rounds, await OffsetAsync());
    }

    protected override async Task CloseAsync(KafkaClient kafka, Fault fault, bool isClientFirst)
    {
        var producer = kafka.CreateProducer(Transactional);
        using var enough = new CancellationTokenSource();
        var isCommitted = false;
        var transaction = Task.Run(async () =>
        {
            await using var open = await producer.BeginAsync(enough.Token);
            await FillAsync(producer, open, ["x"], 1, enough.Token);
            await open.CommitAsync(enough.Token);
            isCommitted = true;
        });
        await UntilItHappensAsync(fault, transaction);
        if (isClientFirst) await kafka.DisposeAsync();
        else await enough.CancelAsync();
        await transaction.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Patience);
        await producer.DisposeAsync();
        Broker.Faults.Clear();
        // Whoever comes next settles it: all of it is there, or nothing.
        await using var next = Connect();
        await using var heir = next.CreateProducer(Transactional);
        await using (await heir.BeginAsync().WaitAsync(Patience))
        {
        }

        var read = await ReadAsync();
        var offset = await OffsetAsync();
        Assert.Equal(read[0], read[1]);
        Assert.Equal(read[0].Count, offset ?? 0);
        Assert.True(!isCommitted || read[0].Count == 1, "it was committed, and is not there");
    }

    private static async Task<bool> TryAsync(Producer producer, List<string> values, int round)
    {
        try
        {
            await using var transaction = await producer.BeginAsync();
            await FillAsync(producer, transaction, values, round + 1, CancellationToken.None);
            await transaction.CommitAsync();
            return true;
        }
        catch (KafkaException failure) when (!failure.IsFatal)
        {
            return false;
        }
    }

    private static async Task FillAsync(Producer producer, Transaction transaction, List<string> values, long offset, CancellationToken cancellation)
    {
        foreach (var value in values)
        {
            for (var partition = 0; partition < Partitions; partition++) await producer.EnqueueAsync(Topic, Record(value, partition), cancellation);
        }

        await transaction.SendOffsetsAsync(new GroupIdentity(Group, "", -1, null), new Dictionary<TopicPartition, OffsetPosition> { [new(Topic, 0)] = new(offset) }, cancellation);
    }

    private async Task<long?> OffsetAsync()
    {
        await using var kafka = Connect();
        return (await kafka.Groups.OffsetsAsync(Group)).TryGetValue(new TopicPartition(Topic, 0), out var outcome) ? outcome.Get().Offset : null;
    }
}
