using System.Collections.Concurrent;
using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Handling;
using Moldau.Client.Sharing;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Compatibility.Client;

/// <summary>Our share consumer at brokers that have share groups: whose a record is, for how long, and who has it then.</summary>
public class ShareConsumerOnBothBrokersTests(SharingBrokers brokers) : IClassFixture<SharingBrokers>
{
    private const int Deadline = 300_000;
    private static readonly TimeSpan ShortestLock = TimeSpan.FromSeconds(1);

    /// <summary>Renewed behind half of it: a machine that is busy must not stand still for the other half.</summary>
    private static readonly TimeSpan RenewedLock = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongLock = TimeSpan.FromSeconds(60);

    private static int s_number;

    private readonly string _topic = $"shared-{Interlocked.Increment(ref s_number)}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = Deadline)]
    [MemberData(nameof(SharingBrokers.Names), MemberType = typeof(SharingBrokers))]
    public async Task Consumers_have_the_records_of_one_partition_between_them(string broker)
    {
        await using var client = await WithRecordsAsync(broker, 400, LongLock);
        var seen = new ConcurrentQueue<(int Reader, int Value, int Delivery)>();
        using var enough = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(number => Task.Run(async () =>
        {
            await using var consumer = Consumer(client, static options => options with { MaxRecords = 20, AcquireMode = ShareAcquireMode.RecordLimit });
            await consumer.RunAsync(
                async (record, _) =>
                {
                    seen.Enqueue((number, Number(record), record.DeliveryCount));
                    // Nobody goes on before somebody else has had something, too.
                    await UntilAsync(() => Task.FromResult(seen.Select(static one => one.Reader).Distinct().Skip(1).Any()), "two consumers have records");
                    if (seen.Select(static one => one.Value).Distinct().Count() == 400) await enough.CancelAsync();
                },
                new ShareHandlerOptions { MaxConcurrency = 4 }, enough.Token);
        })).ToArray();
        await Task.WhenAll(readers).WaitAsync(Token);

        Assert.Equal(Enumerable.Range(0, 400), seen.Select(static one => one.Value).Distinct().Order());
        Assert.True(seen.All(static one => one.Delivery == 1) == (seen.Count == 400), $"{seen.Count} records were handled");
    }

    [Theory(Timeout = Deadline)]
    [MemberData(nameof(SharingBrokers.Names), MemberType = typeof(SharingBrokers))]
    public async Task What_is_released_comes_again_and_what_is_rejected_or_accepted_does_not(string broker)
    {
        await using var client = await WithRecordsAsync(broker, 9, LongLock);
        var told = new ConcurrentQueue<AcknowledgedRecords>();
        await using var consumer = Consumer(client, options => options with { AcceptsImplicitly = false, OnAcknowledged = told.Enqueue });
        var (first, again) = (0, new List<(int, int)>());
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            if (record.DeliveryCount == 1)
            {
                first++;
                record.Acknowledge((Acknowledgement)(Number(record) % 3 + 1));
                continue;
            }

            again.Add((Number(record), record.DeliveryCount));
            record.Accept();
            if (again.Count == 3) break;
        }

        var outcomes = await consumer.CommitAsync(Token);
        Assert.Equal([(1, 2), (4, 2), (7, 2)], again);
        Assert.Equal(9, first);
        Assert.All(outcomes.Values, static outcome => Assert.Null(outcome.Error));
        Assert.All(told, static one => Assert.Null(one.Error));
        Assert.Equal(12, told.SelectMany(static one => one.Ranges).Sum(static range => range.Count));
        await UntilAsync(async () => await LagAsync(client) == 0, "everything is done with");
    }

    [Theory(Timeout = Deadline)]
    [MemberData(nameof(SharingBrokers.Names), MemberType = typeof(SharingBrokers))]
    public async Task A_lock_that_is_over_gives_the_record_to_another_and_its_acknowledgement_is_refused(string broker)
    {
        await using var client = await WithRecordsAsync(broker, 1, ShortestLock);
        var told = new ConcurrentQueue<AcknowledgedRecords>();
        await using var slow = Consumer(client, options => options with { AcceptsImplicitly = false, OnAcknowledged = told.Enqueue });
        var held = await FirstAsync(slow);
        Assert.Equal(ShortestLock, slow.LockTime);
        await using var other = Consumer(client);
        var again = await FirstAsync(other);
        Assert.Equal((held.Offset, 1, 2), (again.Offset, held.DeliveryCount, again.DeliveryCount));
        held.Accept();
        await slow.CommitAsync(Token);
        await UntilAsync(() => Task.FromResult(!told.IsEmpty), "the refusal is told");
        Assert.Equal([ErrorCode.InvalidRecordState], told.Select(static one => one.Error?.Code ?? ErrorCode.None));
    }

    [Theory(Timeout = Deadline)]
    [MemberData(nameof(SharingBrokers.Names), MemberType = typeof(SharingBrokers))]
    public async Task A_lock_that_is_renewed_lasts_and_the_record_comes_to_nobody_else(string broker)
    {
        await using var client = await WithRecordsAsync(broker, 3, RenewedLock);
        var told = new ConcurrentQueue<AcknowledgedRecords>();
        var handled = new ConcurrentQueue<int>();
        using var enough = new CancellationTokenSource();
        await using var slow = Consumer(client, options => options with { OnAcknowledged = told.Enqueue });
        var running = slow.RunAsync(
            async (record, cancellation) =>
            {
                // Longer than the lock, and both sides look for themselves.
                await UntilAsync(() => Task.FromResult(told.Sum(one => one.Ranges.Count(range => range.Type == Acknowledgement.Renew && range.First <= record.Offset && record.Offset <= range.Last)) >= 3), "three renewals");
                handled.Enqueue(record.DeliveryCount);
                if (handled.Count == 3) await enough.CancelAsync();
            },
            new ShareHandlerOptions { RenewsLocks = true }, enough.Token);
        await UntilAsync(() => Task.FromResult(!told.IsEmpty || running.IsCompleted), "the first renewal");
        await using var other = Consumer(client);
        using var nothing = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, Token);
        var others = 0;
        try
        {
            await foreach (var record in other.ReadAllAsync(nothing.Token)) others++;
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // The slow one has handled everything.
        }

        await running.WaitAsync(Token);
        Assert.Equal([1, 1, 1], handled);
        Assert.Equal(0, others);
        Assert.All(told, static one => Assert.Null(one.Error));
        await UntilAsync(async () => await LagAsync(client) == 0, "everything is done with");
    }

    [Theory(Timeout = Deadline)]
    [InlineData("Kafka", true)]
    [InlineData("Kafka", false)]
    [InlineData("Moldau", true)]
    [InlineData("Moldau", false)]
    public async Task What_a_consumer_holds_comes_to_others_when_it_closes_or_dies_long_before_its_locks_end(string broker, bool closes)
    {
        await using var client = await WithRecordsAsync(broker, 20, LongLock);
        await using var own = await brokers.ConnectAsync(broker);
        var leaving = Consumer(own, static options => options with { AcceptsImplicitly = false });
        var held = await FirstAsync(leaving);
        if (closes)
        {
            held.Accept();
            await leaving.DisposeAsync();
        }
        else
        {
            // Its connections end, and it says nothing.
            await own.DisposeAsync();
        }

        await using var other = Consumer(client);
        var values = new HashSet<int>();
        await foreach (var record in other.ReadAllAsync(Token))
        {
            if (values.Add(Number(record)) && values.Count == (closes ? 19 : 20)) break;
        }

        Assert.Equal(closes ? 1 : 0, values.Min());
        if (!closes) await leaving.DisposeAsync();
    }

    [Theory(Timeout = Deadline)]
    [MemberData(nameof(SharingBrokers.Names), MemberType = typeof(SharingBrokers))]
    public async Task A_handler_that_fails_has_its_record_again_and_one_that_gives_up_writes_a_dead_letter(string broker)
    {
        await using var client = await WithRecordsAsync(broker, 10, LongLock);
        (await client.Topics.CreateAsync([new NewTopic(_topic + "-dead")], cancellation: Token))[0].Get();
        await RunUntilDoneAsync(client, Failure.Release, 10, static record => Number(record) % 2 == 1 && record.DeliveryCount == 1);
        await using (var producer = client.CreateProducer<string, string>(_topic)) await producer.SendAsync("k", "10", Token);
        await RunUntilDoneAsync(client, Failure.Retry(1, TimeSpan.FromMilliseconds(1)).Then.DeadLetter(_topic + "-dead"), 0, static _ => true);
        await using var dead = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = [_topic + "-dead"], StopAtEnd = true });
        var letters = new List<string?>();
        await foreach (var letter in dead.ReadAllAsync(Token)) letters.Add(letter.Value);
        Assert.Equal(["10"], letters);

        // Without members a group can be moved, and forgets.
        var plan = await client.Groups.PlanShareAsync(_topic, [], GroupSeek.Earliest, Token);
        // What is done with and stands behind its start Kafka counts beside it.
        Assert.Equal((true, 0L), Assert.Single(plan).Get() is var move ? (move.From is 10 or 11, move.To) : default);
        Assert.Single(await client.Groups.ApplyShareAsync(_topic, plan, Token)).Get();
        Assert.Equal(0, Assert.Single((await client.Groups.ShareOffsetsAsync(_topic, Token)).Values).Get().Start);
        Assert.Single(await client.Groups.DeleteShareOffsetsAsync(_topic, [_topic], Token)).Get();
    }

    [Theory(Timeout = Deadline)]
    [MemberData(nameof(SharingBrokers.Names), MemberType = typeof(SharingBrokers))]
    public async Task A_group_begins_at_the_end_unless_its_settings_say_otherwise(string broker)
    {
        await using var client = await WithRecordsAsync(broker, 5, LongLock, isEarliest: false);
        await using var consumer = Consumer(client);
        var first = FirstAsync(consumer);
        await using var producer = client.CreateProducer<string, string>(_topic);
        // The group's place is set when its first member reads.
        for (var i = 5; !first.IsCompleted; i++)
        {
            await producer.SendAsync("k", i.ToString(CultureInfo.InvariantCulture), Token);
            await Task.WhenAny(first, Task.Delay(50, Token));
        }

        Assert.True(Number(await first) >= 5);
    }

    [Theory(Timeout = Deadline)]
    [MemberData(nameof(SharingBrokers.Names), MemberType = typeof(SharingBrokers))]
    public async Task Batches_gaps_and_what_was_given_up_by_its_transaction_are_passed_as_the_broker_says(string broker)
    {
        await using var client = await WithRecordsAsync(broker, 3, LongLock);
        await SetAsync(client, "share.isolation.level", "read_committed");
        await using (var producer = client.CreateProducer<string, string>(_topic, new() { TransactionalId = _topic }))
        {
            for (var i = 0; i < 4; i++)
            {
                await using var transaction = await producer.BeginAsync(Token);
                await producer.SendAsync("k", (i % 2 == 0 ? 3 + i / 2 : 100).ToString(CultureInfo.InvariantCulture), Token);
                if (i % 2 == 0) await transaction.CommitAsync(Token);
            }
        }

        await using var consumer = Consumer(client);
        var values = new List<int>();
        await foreach (var batch in consumer.ReadBatchesAsync(Token))
        {
            foreach (var record in batch) values.Add(Number(record));
            if (values.Count < 5) continue;
            batch.Acknowledge(Acknowledgement.Accept);
            break;
        }

        await consumer.CommitAsync(Token);
        Assert.Equal([0, 1, 2, 3, 4], values);
        await UntilAsync(async () => await LagAsync(client) is 0 or 1, "everything is done with");
    }

    [Theory(Timeout = Deadline)]
    [MemberData(nameof(SharingBrokers.Names), MemberType = typeof(SharingBrokers))]
    public async Task Javas_console_consumer_and_ours_are_members_of_one_group(string broker)
    {
        LongRun.Require("Java's consumer takes half a minute to start on a busy machine");
        await using var client = await WithRecordsAsync(broker, 0, LongLock);
        using var java = await KafkaJars.StartAsync(
            ["-Xmx256m"], "org.apache.kafka.tools.consumer.ConsoleShareConsumer", "--bootstrap-server", await brokers.AddressAsync(broker), "--topic", _topic, "--group", _topic, "--timeout-ms", "280000");
        try
        {
            var seen = new ConcurrentQueue<int>();
            var theirs = 0;
            _ = Task.Run(
                async () =>
                {
                    while (await java.StandardOutput.ReadLineAsync(Token) is { } line)
                    {
                        seen.Enqueue(int.Parse(line, CultureInfo.InvariantCulture));
                        Interlocked.Increment(ref theirs);
                    }
                },
                Token);
            using var enough = new CancellationTokenSource();
            await using var consumer = Consumer(client, static options => options with { MaxRecords = 5, AcquireMode = ShareAcquireMode.RecordLimit });
            var ours = 0;
            var running = consumer.RunAsync(
                (record, _) =>
                {
                    seen.Enqueue(Number(record));
                    Interlocked.Increment(ref ours);
                    return default;
                },
                cancellation: enough.Token);
            await using var producer = client.CreateProducer<string, string>(_topic);
            var sent = 0;
            await UntilAsync(
                async () =>
                {
                    await producer.SendAsync("k", sent.ToString(CultureInfo.InvariantCulture), Token);
                    sent++;
                    return theirs > 5 && ours > 5;
                },
                "both have had some");
            await UntilAsync(() => Task.FromResult(seen.Distinct().Count() == sent), "everything was handled");
            Assert.Equal(2, (await client.Groups.DescribeAsync([_topic], Token))[0].Get().Members.Count);
            await enough.CancelAsync();
            await running;
            Assert.Equal(sent, seen.Count);
        }
        finally
        {
            java.Kill();
        }
    }

    private async Task RunUntilDoneAsync(KafkaClient client, FailurePolicy policy, int wanted, Func<SharedRecord<string, string>, bool> fails)
    {
        await using var consumer = Consumer(client);
        using var enough = new CancellationTokenSource();
        var handled = new ConcurrentDictionary<int, int>();
        var running = consumer.RunAsync(
            (record, _) => fails(record) ? throw new InvalidOperationException("cannot do it") : handled.TryAdd(Number(record), record.DeliveryCount) ? default : throw new InvalidOperationException("twice"),
            new ShareHandlerOptions { OnError = policy }, enough.Token);
        await UntilAsync(async () => handled.Count == wanted && await LagAsync(client) == 0, "everything is done with");
        await enough.CancelAsync();
        await running.WaitAsync(Token);
        Assert.All(handled, static one => Assert.Equal(one.Key % 2 + 1, one.Value));
    }

    private ShareConsumer<string, string> Consumer(KafkaClient client, Func<ShareConsumerOptions, ShareConsumerOptions>? change = null)
    {
        var options = new ShareConsumerOptions { GroupId = _topic, Topics = [_topic], LongestWait = TimeSpan.FromMilliseconds(100) };
        return client.CreateShareConsumer<string, string>(change is null ? options : change(options));
    }

    private async Task<KafkaClient> WithRecordsAsync(string broker, int count, TimeSpan lockTime, bool isEarliest = true)
    {
        var client = await brokers.ConnectAsync(broker);
        (await client.Topics.CreateAsync([new NewTopic(_topic)], cancellation: Token))[0].Get();
        await SetAsync(client, "share.record.lock.duration.ms", lockTime.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        if (isEarliest) await SetAsync(client, "share.auto.offset.reset", "earliest");
        await using var producer = client.CreateProducer<string, string>(_topic);
        for (var i = 0; i < count; i++) await producer.EnqueueAsync("k", i.ToString(CultureInfo.InvariantCulture), Token);
        Assert.Empty((await producer.FlushAsync()).Lost);
        return client;
    }

    private Task SetAsync(KafkaClient client, string name, string value) =>
        client.Configs.AlterAsync(new ConfigResource(ConfigResourceType.Group, _topic), [new ConfigChange(name, ConfigOperation.Set, value)], cancellation: Token);

    private async Task<long?> LagAsync(KafkaClient client) => (await client.Groups.ShareOffsetsAsync(_topic, Token)).Values.Select(static outcome => outcome.Get().Lag).FirstOrDefault();

    private static async Task<SharedRecord<string, string>> FirstAsync(ShareConsumer<string, string> consumer)
    {
        await foreach (var record in consumer.ReadAllAsync(Token)) return record;
        throw new InvalidOperationException("the reading ended");
    }

    private static int Number(SharedRecord<string, string> record) => int.Parse(record.Value!, CultureInfo.InvariantCulture);

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(120));
        try
        {
            while (!await isSo()) await Task.Delay(20, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"waited until {what}");
        }
    }
}
