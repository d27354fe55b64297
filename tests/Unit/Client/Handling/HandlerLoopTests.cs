using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Handling;
using Moldau.Client.Serdes;
using Moldau.Testing;
using Moldau.Unit.Client.Groups;
using Xunit;

namespace Moldau.Unit.Client.Handling;

/// <summary>Handlers of a consumer in a group: in which order, what counts as done, and what becomes of what failed.</summary>
public class HandlerLoopTests
{
    private const string Group = "g";
    private static readonly TopicPartition Only = new("t", 0);

    [Theory(Timeout = 60_000)]
    [InlineData(HandlerOrder.Key)]
    [InlineData(HandlerOrder.Partition)]
    [InlineData(HandlerOrder.None)]
    public async Task Everything_is_handled_once_in_its_order_and_committed(HandlerOrder order)
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 600, partitions: 2, static i => i % 7 == 0 ? null : Encoding.UTF8.GetBytes($"k{i % 5}"));
        var gate = new Lock();
        var seen = new List<Record<string, string>>();
        var (running, most) = (0, 0);
        await using (var consumer = Consumer(client, stopAtEnd: true))
        {
            await consumer.RunAsync(
                async (record, cancellation) =>
                {
                    lock (gate)
                    {
                        most = Math.Max(most, ++running);
                        seen.Add(record);
                    }

                    await Task.Yield();
                    if (record.Offset % 13 == 0) await Task.Delay(1, cancellation);
                    lock (gate) running--;
                },
                new HandlerOptions { Order = order, MaxConcurrency = 8, MaxWaiting = 50 }, Token);
        }

        Assert.Equal(600, seen.Select(static record => (record.Where, record.Offset)).Distinct().Count());
        Assert.Equal(600, seen.Count);
        if (order == HandlerOrder.Partition) Assert.InRange(most, 1, 2);
        if (order == HandlerOrder.None) Assert.InRange(most, 3, 8);
        foreach (var lane in seen.Where(record => order != HandlerOrder.None && (order == HandlerOrder.Partition || record.HasKey)).GroupBy(record => (record.Where, order == HandlerOrder.Key ? record.Key : null)))
            Assert.Equal(lane.Select(static record => record.Offset).Order(), lane.Select(static record => record.Offset));
        var offsets = await client.Groups.OffsetsAsync(Group, Token);
        Assert.Equal([300, 300], offsets.Values.Select(static offset => offset.Get().Offset));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_committed_passes_no_record_that_is_not_done_and_it_comes_again()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 10);
        await using var consumer = Consumer(client);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var done = 0;
        await consumer.RunAsync(
            async (record, cancellation) =>
            {
                if (record.Offset == 2) await Task.Delay(Timeout.Infinite, cancellation);
                if (Interlocked.Increment(ref done) == 9) enough.Cancel();
            },
            new HandlerOptions { Order = HandlerOrder.None, MaxConcurrency = 4, DrainTimeout = TimeSpan.FromMilliseconds(100) }, enough.Token);
        Assert.Equal(2, (await client.Groups.OffsetsAsync(Group, Token))[Only].Get().Offset);

        // The same consumer goes on with what was left, and commits it.
        using var again = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = new List<long>();
        await consumer.RunAsync(
            (record, _) =>
            {
                first.Add(record.Offset);
                if (record.Offset == 9) again.Cancel();
                return default;
            },
            new HandlerOptions { Order = HandlerOrder.Partition }, again.Token);
        Assert.Equal(Enumerable.Range(2, 8).Select(static offset => (long)offset), first);
        Assert.Equal(10, (await client.Groups.OffsetsAsync(Group, Token))[Only].Get().Offset);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_failed_is_tried_again_and_then_written_elsewhere_with_where_it_came_from()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 3);
        (await client.Topics.CreateAsync([new NewTopic("dead")], cancellation: TestContext.Current.CancellationToken))[0].Get();
        var attempts = 0;
        await using (var consumer = Consumer(client, stopAtEnd: true))
        {
            await consumer.RunAsync(
                (record, _) => record.Offset == 1 && ++attempts > 0 ? throw new InvalidOperationException("no") : default,
                new HandlerOptions { OnError = Failure.Retry(2, TimeSpan.FromMilliseconds(1)).Then.DeadLetter("dead") }, Token);
        }

        Assert.Equal(3, attempts);
        Assert.Equal(3, (await client.Groups.OffsetsAsync(Group, Token))[Only].Get().Offset);
        await using var dead = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = ["dead"], StopAtEnd = true });
        var letters = new List<string>();
        await foreach (var record in dead.ReadAllAsync(Token))
        {
            letters.Add(record.Value!);
            Assert.False(record.HasKey);
            letters.AddRange(record.Headers.ToArray().Select(static header => $"{header.Key}={Encoding.UTF8.GetString(header.Value.Memory.Span)}"));
        }

        Assert.Equal(
            ["v1", "moldau.dead-letter.topic=t", "moldau.dead-letter.partition=0", "moldau.dead-letter.offset=1", "moldau.dead-letter.error=InvalidOperationException: no", "moldau.dead-letter.attempts=3"],
            letters);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_record_whose_dead_letter_is_not_confirmed_is_not_done()
    {
        await using var broker = await GroupMembershipTests.StartAsync(("auto.create.topics.enable", "false"));
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 3, settings: static options => options with { MissingTopicTimeout = TimeSpan.FromMilliseconds(50) });
        await using var consumer = Consumer(client, stopAtEnd: true);
        var failure = await Assert.ThrowsAsync<HandlerException>(() => consumer.RunAsync(
            static (record, _) => record.Offset == 1 ? throw new InvalidOperationException("no") : default,
            new HandlerOptions { Order = HandlerOrder.Partition, OnError = Failure.DeadLetter("missing") }, Token));
        Assert.Contains("missing", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await client.Groups.OffsetsAsync(Group, Token))[Only].Get().Offset);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failure_stops_the_run_or_is_passed_over_as_the_options_say()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 5);
        await using var consumer = Consumer(client, stopAtEnd: true);
        ValueTask Handle(Record<string, string> record, CancellationToken cancellation) => record.Offset == 2 ? throw new InvalidOperationException("no") : default;
        var failure = await Assert.ThrowsAsync<HandlerException>(() => consumer.RunAsync(Handle, new HandlerOptions { Order = HandlerOrder.Partition }, Token));
        Assert.Equal((Only, 2L, 1), (failure.Partition, failure.Offset, failure.Attempts));
        Assert.Equal(2, (await client.Groups.OffsetsAsync(Group, Token))[Only].Get().Offset);
        await consumer.RunAsync(Handle, new HandlerOptions { Order = HandlerOrder.Partition, OnError = Failure.Retry(1).Then.Skip }, Token);
        Assert.Equal(5, (await client.Groups.OffsetsAsync(Group, Token))[Only].Get().Offset);
    }

    [Fact(Timeout = 60_000)]
    public async Task Middleware_stands_around_each_attempt_the_first_outermost()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 4);
        var told = new List<string>();
        HandleMiddleware Named(string name) => async (context, next) =>
        {
            told.Add($"{name} {context.Where}@{context.Offset}");
            context.Value = $"{context.Value}{name}";
            await next(context);
            told.Add($"{name} over");
        };
        HandleMiddleware picky = static (context, next) => context.Offset switch
        {
            1 => default,
            2 => next(Wrong(context)),
            _ => next(context),
        };
        await using var consumer = Consumer(client, stopAtEnd: true);
        var options = new HandlerOptions { Order = HandlerOrder.Partition, Middleware = [Named("a"), picky, Named("b")] };
        var failure = await Assert.ThrowsAsync<HandlerException>(() => consumer.RunAsync(HandleAsync, options, Token));

        Assert.Equal(["a t-0@0", "b t-0@0", "handled v0ab", "b over", "a over", "a t-0@1", "a over", "a t-0@2", "b t-0@2"], told);
        Assert.Contains("made the record's Key a Int32; the handler takes a String", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await client.Groups.OffsetsAsync(Group, Token))[Only].Get().Offset);

        ValueTask HandleAsync(Record<string, string> record, CancellationToken cancellation)
        {
            told.Add($"handled {record.Value}");
            return default;
        }

        static HandleContext Wrong(HandleContext context)
        {
            context.Key = 7;
            return context;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_slow_partition_holds_up_itself_alone()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 2000, partitions: 2);
        await using var consumer = Consumer(client);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (slow, fast) = (0, 0);
        await consumer.RunAsync(
            async (record, cancellation) =>
            {
                if (record.Partition == 0)
                {
                    Interlocked.Increment(ref slow);
                    await Task.Delay(Timeout.Infinite, cancellation);
                }

                if (Interlocked.Increment(ref fast) == 1000) enough.Cancel();
            },
            new HandlerOptions { Order = HandlerOrder.Partition, MaxConcurrency = 2, MaxWaiting = 10, DrainTimeout = TimeSpan.FromMilliseconds(50) }, enough.Token);
        Assert.Equal((1, 1000), (slow, fast));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Classic, ClassicAssignor.CooperativeSticky)]
    public async Task A_partition_that_moves_takes_what_was_not_begun_along_and_waits_for_what_was(GroupProtocol protocol, params ClassicAssignor[] assignors)
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 400, partitions: 4);
        var gate = new Lock();
        var seen = new List<string>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var one = Consumer(client, false, protocol, assignors);
        await using var other = Consumer(client, false, protocol, assignors);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new HandlerOptions { Order = HandlerOrder.Partition, MaxConcurrency = 4 };
        var first = one.RunAsync(HandleAsync, options, enough.Token);
        await begun.Task.WaitAsync(Token);
        var second = other.RunAsync(HandleAsync, options, enough.Token);
        await Task.WhenAll(first, second);
        Assert.Equal(400, seen.Count);
        Assert.Equal(400, seen.Distinct().Count());

        async ValueTask HandleAsync(Record<string, string> record, CancellationToken cancellation)
        {
            begun.TrySetResult();
            if (other.Assignment.Count == 0) await Task.Delay(5, cancellation);
            lock (gate)
            {
                seen.Add(record.ToString());
                if (seen.Count == 400) enough.Cancel();
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_end_keeps_its_deadline_though_a_handler_does_not()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 1);
        await using var consumer = Consumer(client);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var never = new TaskCompletionSource();
        await consumer.RunAsync(
            async (_, _) =>
            {
                enough.Cancel();
                await never.Task;
            },
            new HandlerOptions { DrainTimeout = TimeSpan.FromMilliseconds(50) }, enough.Token);
        Assert.Empty(await client.Groups.OffsetsAsync(Group, Token));
        never.SetResult();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task Handlers_of_a_partition_that_goes_are_told_to_stop_when_their_time_is_over_and_others_are_not(GroupProtocol protocol)
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 2, partitions: 2);
        var group = GroupMembershipTests.Options(protocol, [ClassicAssignor.CooperativeSticky]) with { RebalanceTimeout = TimeSpan.FromSeconds(1) };
        await using var one = Consumer(client, group);
        await using var other = Consumer(client, group);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (begun, stopped) = (new CountdownEvent(2), new TaskCompletionSource<TopicPartition>(TaskCreationOptions.RunContinuationsAsynchronously));
        var tokens = new System.Collections.Concurrent.ConcurrentDictionary<TopicPartition, CancellationToken>();
        var read = new TaskCompletionSource<(TopicPartition, long)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = one.RunAsync(
            async (record, stop) =>
            {
                tokens[record.Where] = stop;
                begun.Signal();
                await using var told = stop.Register(() => stopped.TrySetResult(record.Where));
                await Task.Delay(Timeout.Infinite, stop);
            },
            new HandlerOptions { DrainTimeout = TimeSpan.FromMilliseconds(50) }, enough.Token);
        await Task.Run(() => begun.Wait(Token), Token);
        var second = other.RunAsync(
            (record, _) =>
            {
                read.TrySetResult((record.Where, record.Offset));
                return default;
            },
            new HandlerOptions(), enough.Token);

        var gone = await stopped.Task.WaitAsync(Token);
        Assert.Equal((gone, 0), await read.Task.WaitAsync(Token));
        Assert.False(tokens[new("t", 1 - gone.Partition)].IsCancellationRequested);
        await enough.CancelAsync();
        await Task.WhenAll(first, second);
        Assert.Equal([gone], (await client.Groups.OffsetsAsync(Group, Token)).Keys);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_consumer_that_is_closed_waits_for_no_handler_longer_than_it_may(bool isInGroup, bool obeys)
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await GroupConsumerTests.WithRecordsAsync(broker, 1, settings: static options => options with { CloseTimeout = TimeSpan.FromMilliseconds(500) });
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { GroupId = isInGroup ? Group : null, Topics = ["t"], Group = GroupMembershipTests.Options(GroupProtocol.Auto) });
        var (begun, told, never) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var run = consumer.RunAsync(
            async (_, stop) =>
            {
                begun.SetResult();
                await using var stopping = stop.Register(told.SetResult);
                await (obeys ? Task.Delay(Timeout.Infinite, stop) : never.Task);
            },
            new HandlerOptions { DrainTimeout = TimeSpan.FromHours(1) }, Token);
        await begun.Task.WaitAsync(Token);
        await consumer.DisposeAsync();
        await told.Task.WaitAsync(Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => run.WaitAsync(Token));
        if (isInGroup) Assert.Empty(await client.Groups.OffsetsAsync(Group, Token));
        never.SetResult();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Consumer<string, string> Consumer(KafkaClient client, GroupOptions group) =>
        client.CreateConsumer<string, string>(new ConsumerOptions { GroupId = Group, Topics = ["t"], Group = group });

    private static Consumer<string, string> Consumer(KafkaClient client, bool stopAtEnd = false, GroupProtocol protocol = GroupProtocol.Auto, params ClassicAssignor[] assignors) => client.CreateConsumer<string, string>(new ConsumerOptions
    {
        GroupId = Group,
        Topics = ["t"],
        StopAtEnd = stopAtEnd,
        Group = GroupMembershipTests.Options(protocol, assignors.Length == 0 ? null : assignors),
    });
}
