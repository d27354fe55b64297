using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Producing;
using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Client;

/// <summary>Leaders and coordinators move while the client works: nothing is lost, nothing comes twice, and the order stays.</summary>
public sealed class MovedLeadersTests : IAsyncLifetime
{
    private const int Partitions = 2;
    private const int Records = 300;
    private const int Moves = 6;

    private EmbeddedBroker _broker = null!;
    private KafkaClient _kafka = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static List<string> Expected => [.. Enumerable.Range(0, Records).Select(Text)];

    public async ValueTask InitializeAsync()
    {
        _broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions
        {
            Nodes = 2,
            Settings = new Dictionary<string, string>
            {
                ["offsets.topic.num.partitions"] = "1", ["transaction.state.log.num.partitions"] = "1",
                ["group.consumer.heartbeat.interval.ms"] = "30", ["group.consumer.min.heartbeat.interval.ms"] = "30", ["group.min.session.timeout.ms"] = "1000",
            },
        });
        _kafka = new KafkaClient(new KafkaClientOptions { Bootstrap = _broker.BootstrapServers, FirstBackOff = TimeSpan.FromMilliseconds(5), LongestBackOff = TimeSpan.FromMilliseconds(50) });
        (await _kafka.Topics.CreateAsync([new NewTopic("t") { Partitions = Partitions }], cancellation: Token))[0].Get();
    }

    public async ValueTask DisposeAsync()
    {
        await _kafka.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_producer_follows_and_everything_is_there_once_and_in_order()
    {
        await WriteAsync(i => i % (Records / Moves) == 0 ? MoveAsync(i / (Records / Moves)) : Task.CompletedTask);
        Assert.All(await ReadAsync(new ConsumerOptions { Topics = ["t"], StopAtEnd = true }, static _ => Task.CompletedTask), static values => Assert.Equal(Expected, values));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_consumer_goes_on_where_it_was()
    {
        await WriteAsync(static _ => Task.CompletedTask);
        var options = new ConsumerOptions { Topics = ["t"], PartitionBytes = 200, MaxBytes = 400, PrefetchBytes = 1000 };
        Assert.All(await ReadAsync(options, MoveInTurnAsync), static values => Assert.Equal(Expected, values));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task A_member_stays_one_when_its_coordinator_moves(GroupProtocol protocol)
    {
        await WriteAsync(static _ => Task.CompletedTask);
        var options = new ConsumerOptions
        {
            GroupId = "g", Topics = ["t"], CommitInterval = TimeSpan.FromMilliseconds(20), PartitionBytes = 200, MaxBytes = 400, PrefetchBytes = 1000,
            Group = new GroupOptions { Protocol = protocol, HeartbeatInterval = TimeSpan.FromMilliseconds(30), SessionTimeout = TimeSpan.FromMinutes(5) },
        };
        var read = await ReadAsync(options, async done =>
        {
            if (done % (Records * Partitions / Moves) != 0) return;
            await _broker.MoveGroupAsync("g", 2 - (done / (Records * Partitions / Moves) % 2));
            await MoveInTurnAsync(done);
        });
        Assert.All(read, static values => Assert.Equal(Expected, values));
        // The last record is not done: nobody asked for one behind it.
        Assert.Equal(1, (await _kafka.Groups.LagAsync("g", Token)).Sum(static lag => lag.Lag));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_transaction_goes_on_when_its_coordinator_its_leaders_and_its_group_move()
    {
        const int Rounds = 6;
        await using (var producer = _kafka.CreateProducer(new ProducerOptions { TransactionalId = "x", BatchBytes = 1, Linger = TimeSpan.Zero }))
        {
            for (var round = 0; round < Rounds; round++)
            {
                await using var transaction = await producer.BeginAsync(Token);
                await _broker.MoveTransactionsAsync("x", 2 - (round % 2));
                for (var i = 0; i < 10; i++)
                {
                    for (var partition = 0; partition < Partitions; partition++) await producer.EnqueueAsync("t", Record(Text((round * 10) + i), partition), Token);
                    if (i == 5) await MoveAsync(round);
                }

                await _broker.MoveGroupAsync("g", 2 - (round % 2));
                await transaction.SendOffsetsAsync(new GroupIdentity("g", "", -1, null), new Dictionary<TopicPartition, OffsetPosition> { [new("t", 0)] = new((round + 1) * 10) }, Token);
                await _broker.MoveTransactionsAsync("x", 1 + (round % 2));
                if (round % 3 == 2) await transaction.AbortAsync(Token);
                else await transaction.CommitAsync(Token);
            }
        }

        var expected = Enumerable.Range(0, Rounds * 10).Where(static i => i / 10 % 3 != 2).Select(Text).ToList();
        Assert.All(await ReadAsync(new ConsumerOptions { Topics = ["t"], StopAtEnd = true }, static _ => Task.CompletedTask), values => Assert.Equal(expected, values));
        Assert.Equal(50, (await _kafka.Groups.OffsetsAsync("g", cancellation: Token))[new TopicPartition("t", 0)].Get().Offset);
    }

    private Task MoveInTurnAsync(int done) => done % (Records * Partitions / Moves) == 0 ? MoveAsync(done / (Records * Partitions / Moves)) : Task.CompletedTask;

    /// <summary>Each partition goes to the other node, and the two are at different ones.</summary>
    private async Task MoveAsync(int turn)
    {
        for (var partition = 0; partition < Partitions; partition++) await _broker.MoveLeaderAsync("t", partition, 1 + ((turn + partition + 1) % 2));
    }

    private async Task WriteAsync(Func<int, Task> meanwhile)
    {
        await using var producer = _kafka.CreateProducer(new ProducerOptions { BatchBytes = 1, Linger = TimeSpan.Zero });
        for (var i = 0; i < Records; i++)
        {
            for (var partition = 0; partition < Partitions; partition++) await producer.EnqueueAsync("t", Record(Text(i), partition), Token);
            await meanwhile(i);
        }

        var summary = await producer.FlushAsync(Token);
        Assert.Equal((Records * Partitions, 0), (summary.Delivered, summary.Lost.Count));
    }

    /// <summary>Until it ends, or until as many have come as are written otherwise.</summary>
    private async Task<List<string>[]> ReadAsync(ConsumerOptions options, Func<int, Task> meanwhile)
    {
        var values = Enumerable.Range(0, Partitions).Select(static _ => new List<string>()).ToArray();
        await using var consumer = _kafka.CreateConsumer<string, string>(options);
        var count = 0;
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            values[record.Partition].Add(record.Value!);
            await meanwhile(++count);
            if (!options.StopAtEnd && count == Records * Partitions) break;
        }

        return values;
    }

    private static OutgoingRecord Record(string value, int partition) => new() { Value = Encoding.UTF8.GetBytes(value), Partition = partition };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
