using System.Diagnostics;
using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Producing;
using Moldau.Client.Sharing;
using Xunit;

namespace Moldau.Compatibility.Serving.Queues;

/// <summary>
/// A queue of orders whose broker is killed again and again: every order is handled, failures are tried again later and later, hopeless
/// ones become dead letters with their reason, and a customer's orders keep their order.
/// </summary>
public sealed class OrderQueueTests(ITestOutputHelper output)
{
    private const string Topic = "orders";
    private const string Dead = "dlq.orders";
    private const string Group = "billing";
    private const int Workers = 10;
    private const int Customers = 200;
    private const int FirstDelay = 200;
    private const int FailuresInHundred = 5;
    private const int Deadline = 30 * 60 * 1000;

    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1";
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(s_isLong ? 600 : 24);
    private static readonly TimeSpan s_killEvery = TimeSpan.FromSeconds(s_isLong ? 20 : 8);
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(15);

    private readonly OrderBook _book = new(FirstDelay);
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    [Fact(Timeout = Deadline)]
    public async Task Orders_are_worked_off_while_the_broker_is_killed()
    {
        using var broker = await SteadyBroker.StartAsync("num.partitions=3", "offsets.topic.num.partitions=1", "share.coordinator.state.topic.num.partitions=1");
        await using var client = new KafkaClient(new() { Bootstrap = broker.Address });
        await PrepareAsync(client);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var workers = Enumerable.Range(0, Workers).Select(number => WorkAsync(broker.Address, number, end.Token)).ToArray();
        using var enough = new CancellationTokenSource(s_duration);
        var ordering = OrderAsync(client, enough.Token);
        var killing = KillAsync(broker, enough.Token);
        await Task.WhenAll(ordering, killing);
        await DrainAsync(client, workers);
        await end.CancelAsync();
        await Task.WhenAll(workers);
        output.WriteLine($"{TestSeed.Text}, {_watch.Elapsed}: {_book.Summary()}");
        Assert.Equal("", string.Join('\n', _book.Faults()));
        Assert.True(_book.Delayed > 0, "no delay was seen");
    }

    private static async Task PrepareAsync(KafkaClient client)
    {
        var allows = new Dictionary<string, string> { ["errors.deadletterqueue.group.enable"] = "true" };
        foreach (var created in await client.Topics.CreateAsync([new NewTopic(Topic) { Partitions = 3 }, new NewTopic(Dead) { Partitions = 2, Configs = allows }], cancellation: TestContext.Current.CancellationToken)) created.Get();
        (string Name, string Value)[] settings =
        [
            ("share.auto.offset.reset", "earliest"), ("errors.deadletterqueue.topic.name", Dead), ("moldau.share.order", "key"),
            ("moldau.share.retry.delay.ms", FirstDelay.ToString(CultureInfo.InvariantCulture)),
        ];
        await client.Configs.AlterAsync(
            new ConfigResource(ConfigResourceType.Group, Group), [.. settings.Select(static one => new ConfigChange(one.Name, ConfigOperation.Set, one.Value))],
            cancellation: TestContext.Current.CancellationToken);
    }

    private async Task OrderAsync(KafkaClient client, CancellationToken enough)
    {
        await using var producer = client.CreateProducer(new ProducerOptions());
        var chance = TestSeed.For("orders");
        var sent = new List<Task>();
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            sent.Add(PlaceAsync(producer, number, $"customer-{chance.Next(Customers)}"));
            await Task.Delay(s_between, TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(sent);
    }

    private async Task PlaceAsync(Producer producer, int number, string customer)
    {
        var record = new OutgoingRecord { Key = Encoding.UTF8.GetBytes(customer), Value = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)) };
        var ack = await producer.SendAsync(Topic, record, TestContext.Current.CancellationToken);
        _book.Place(number, customer, ack.Where.Partition, ack.Offset);
    }

    private async Task KillAsync(SteadyBroker broker, CancellationToken enough)
    {
        var kills = (int)(s_duration / s_killEvery) - 1;
        for (var i = 0; i < kills && !enough.IsCancellationRequested; i++)
        {
            await Task.Delay(s_killEvery, TestContext.Current.CancellationToken);
            _book.Killed();
            await broker.KillAsync();
        }
    }

    private async Task WorkAsync(string address, int worker, CancellationToken end)
    {
        var chance = TestSeed.For($"worker {worker}");
        await using var client = new KafkaClient(new() { Bootstrap = address });
        await using var consumer = client.CreateShareConsumer<string, string>(new() { GroupId = Group, Topics = [Topic], MaxRecords = 20, AcquireMode = ShareAcquireMode.RecordLimit });
        await consumer.RunAsync((order, _) => HandleAsync(order, chance), new() { MaxConcurrency = 4 }, end);
    }

    private async ValueTask HandleAsync(SharedRecord<string, string> order, Random chance)
    {
        var number = int.Parse(order.Value!, CultureInfo.InvariantCulture);
        _book.Begin(number, _watch.ElapsedMilliseconds, order.DeliveryCount);
        int work;
        bool fails;
        lock (chance) (work, fails) = (chance.Next(5), chance.Next(100) < FailuresInHundred);
        await Task.Delay(work, TestContext.Current.CancellationToken);
        if (fails || OrderBook.IsHopeless(number))
        {
            _book.Fail(number, _watch.ElapsedMilliseconds, order.DeliveryCount);
            throw new InvalidOperationException($"order {number} cannot be billed");
        }

        _book.Succeed(number);
    }

    /// <summary>Until every order was handled or is a letter, or nothing happens any more.</summary>
    private async Task DrainAsync(KafkaClient client, Task[] workers)
    {
        var (last, since) = ((0, 0), _watch.Elapsed);
        while (true)
        {
            foreach (var worker in workers)
            {
                if (worker.IsCompleted) await worker;
            }

            var now = (_book.Failures, _book.Finished);
            if (now != last) (last, since) = (now, _watch.Elapsed);
            if (_watch.Elapsed - since > TimeSpan.FromSeconds(s_isLong ? 60 : 40)) break;
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            if (_book.IsHandled() && await LettersAsync(client) >= _book.HopelessPlaced) break;
        }

        await foreach (var letter in client.DeadLetters.ReadAsync(Dead, new() { Group = Group }, TestContext.Current.CancellationToken))
            _book.Bury(int.Parse(Encoding.UTF8.GetString(letter.Value.Memory.Span), CultureInfo.InvariantCulture), Encoding.UTF8.GetString(letter.Key.Memory.Span), letter.Reason, letter.Deliveries ?? 0);
    }

    private static async Task<int> LettersAsync(KafkaClient client)
    {
        var seen = new HashSet<(int, long)>();
        await foreach (var letter in client.DeadLetters.ReadAsync(Dead, new() { Group = Group }, TestContext.Current.CancellationToken)) seen.Add((letter.Origin.Partition, letter.OriginOffset));
        return seen.Count;
    }
}
