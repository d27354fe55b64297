using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Client.Producing;

/// <summary>Whatever happens on the way, what was written is there once and in order: connections cut before and behind, refusals, moved leaders.</summary>
public class DeliveryFaultTests
{
    private const int Records = 300;
    private const int Partitions = 3;

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Everything_arrives_once_and_in_order(int seed)
    {
        var (broker, summary) = await RunAsync(seed, new ProducerOptions());

        Assert.Empty(summary.Lost);
        Assert.Equal(Partitions * Records, summary.Delivered);
        for (var partition = 0; partition < Partitions; partition++) Assert.Equal(Expected(), broker.Log(partition));
    }

    /// <summary>The break: without sequences the same faults must show, or the test above shows nothing.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Without_sequences_the_same_faults_double_records_or_change_their_order()
    {
        var isBroken = false;
        for (var seed = 1; seed <= 8 && !isBroken; seed++)
        {
            var (broker, _) = await RunAsync(seed, new ProducerOptions { IsIdempotent = false, BatchesUnderWay = 5 });
            for (var partition = 0; partition < Partitions; partition++) isBroken |= !broker.Log(partition).SequenceEqual(Expected());
        }

        Assert.True(isBroken);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_comes_behind_a_refused_batch_is_numbered_anew()
    {
        var broker = new LogBroker();
        var refused = 0;
        broker.Refuses = (_, batch) => batch.BaseSequence == 3 && Interlocked.Exchange(ref refused, 1) == 0 ? ErrorCode.InvalidRecord : ErrorCode.None;
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { BatchBytes = 1, Linger = TimeSpan.Zero });

        for (var i = 0; i < 40; i++) await producer.EnqueueAsync("t", Record(i), TestContext.Current.CancellationToken);
        var summary = await producer.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal((39, 1), (summary.Delivered, summary.Lost.Single().Records));
        Assert.Equal(ErrorCode.InvalidRecord, summary.Lost.Single().Error.Code);
        Assert.Equal(Enumerable.Range(0, 40).Where(static i => i != 3).Select(static i => i.ToString(CultureInfo.InvariantCulture)), broker.Log(0));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_broker_that_has_lost_count_is_written_to_under_a_new_epoch()
    {
        var broker = new LogBroker();
        var isForgetful = false;
        broker.Refuses = (_, batch) => Volatile.Read(ref isForgetful) && batch.ProducerEpoch == 0 ? ErrorCode.UnknownProducerId : ErrorCode.None;
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { BatchBytes = 1, Linger = TimeSpan.Zero });

        for (var i = 0; i < 40; i++)
        {
            if (i == 20) Volatile.Write(ref isForgetful, true);
            await producer.EnqueueAsync("t", Record(i), TestContext.Current.CancellationToken);
        }

        var summary = await producer.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Empty(summary.Lost);
        Assert.Equal(Enumerable.Range(0, 40).Select(static i => i.ToString(CultureInfo.InvariantCulture)), broker.Log(0));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_batch_that_is_too_large_is_sent_in_parts_and_its_waiters_get_their_own_offsets()
    {
        var broker = new LogBroker { Refuses = static (_, batch) => batch.RecordCount > 3 ? ErrorCode.MessageTooLarge : ErrorCode.None };
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { Linger = TimeSpan.FromSeconds(30) });

        var acks = new List<Task<RecordAck>>();
        for (var i = 0; i < 20; i++) acks.Add(producer.SendAsync("t", Record(i), TestContext.Current.CancellationToken).AsTask());
        var summary = await producer.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal((20, 0), (summary.Delivered, summary.Lost.Count));
        var log = broker.Log(0);
        for (var i = 0; i < 20; i++) Assert.Equal(i.ToString(CultureInfo.InvariantCulture), log[(int)(await acks[i]).Offset]);
        Assert.Equal(20, log.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_leader_that_an_answer_names_is_written_to_before_the_cluster_is_asked()
    {
        var broker = new LogBroker { NamesLeaders = true };
        var options = broker.Options() with { FirstBackOff = TimeSpan.FromMinutes(1), LongestBackOff = TimeSpan.FromMinutes(1) };
        await using var client = new KafkaClient(options);
        await using var producer = client.CreateProducer(new ProducerOptions { Linger = TimeSpan.Zero });

        await producer.SendAsync("t", Record(0), TestContext.Current.CancellationToken);
        broker.Move(0, 2);
        await producer.SendAsync("t", Record(1), TestContext.Current.CancellationToken);

        Assert.Equal(["0", "1"], broker.Log(0));
    }

    private static async Task<(LogBroker Broker, DeliverySummary Summary)> RunAsync(int seed, ProducerOptions options)
    {
        var chance = new Random(seed);
        var broker = new LogBroker(Partitions) { NamesLeaders = seed % 2 == 0 };
        broker.Faults = _ =>
        {
            if (chance.Next(12) == 0) broker.Move(chance.Next(Partitions), 1 + chance.Next(2));
            return chance.Next(5) == 0 ? (LogBroker.Fault)chance.Next(4) : null;
        };
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(options with { BatchBytes = 200, Linger = TimeSpan.Zero });
        for (var i = 0; i < Records; i++)
        {
            for (var partition = 0; partition < Partitions; partition++)
                await producer.EnqueueAsync("t", Record(i) with { Partition = partition }, TestContext.Current.CancellationToken);
        }

        return (broker, await producer.FlushAsync(TestContext.Current.CancellationToken));
    }

    private static IEnumerable<string> Expected() => Enumerable.Range(0, Records).Select(static i => i.ToString(CultureInfo.InvariantCulture));

    private static OutgoingRecord Record(int number) => new() { Value = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)) };
}
