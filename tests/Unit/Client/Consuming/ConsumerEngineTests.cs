using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Connections;
using Moldau.Client.Consuming;
using Moldau.Client.Serdes;
using Moldau.Protocol.Errors;
using Moldau.Unit.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Consuming;

/// <summary>What a group is told: done and not delivered, waited for when it is given away, and nothing of what is lost.</summary>
public class ConsumerEngineTests
{
    private const int Deadline = 180_000;

    private readonly ScriptedBroker _broker = new();
    private readonly ScriptedLog _log;
    private readonly List<long> _committed = [];

    public ConsumerEngineTests()
    {
        _log = new ScriptedLog(_broker);
        for (var i = 0; i < 10; i++) _log.Append(10);
    }

    [Fact(Timeout = Deadline)]
    public async Task A_record_is_done_when_the_next_is_asked_for_and_not_when_it_is_given_out()
    {
        await using var core = new ClientCore(_broker.Options());
        var (engine, consumer) = Create(core);
        await engine.AssignAsync([ScriptedLog.Where]);
        var (read, lows) = (0, new List<long>());
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            await engine.CommitAsync(TestContext.Current.CancellationToken);
            lows.Add(_committed.LastOrDefault());
            Assert.Equal(record.Offset + 1, consumer.Position(ScriptedLog.Where));
            if (++read == 25) break;
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(static offset => (long)offset), lows);
        // The last was left undone, and closing does not make it done.
        await consumer.DisposeAsync();
        Assert.Equal(24, _committed[^1]);
    }

    [Fact(Timeout = Deadline)]
    public async Task Who_reads_on_has_done_what_he_left()
    {
        await using var core = new ClientCore(_broker.Options());
        var (engine, consumer) = Create(core);
        await engine.AssignAsync([ScriptedLog.Where]);
        await ConsumedTopic.ReadAsync(consumer, 25);
        await engine.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(24, _committed[^1]);

        Assert.Equal(["25"], await ConsumedTopic.ReadAsync(consumer, 1));
        await engine.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(25, _committed[^1]);
        await consumer.DisposeAsync();
    }

    [Fact(Timeout = Deadline)]
    public async Task A_batch_is_done_when_it_is_acknowledged_or_the_next_is_asked_for()
    {
        await using var core = new ClientCore(_broker.Options());
        var (engine, consumer) = Create(core);
        await engine.AssignAsync([ScriptedLog.Where]);
        var seen = 0;
        await foreach (var batch in consumer.ReadBatchesAsync(TestContext.Current.CancellationToken))
        {
            await engine.CommitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(seen == 0 ? 0 : batch.FirstOffset, _committed.LastOrDefault());
            if (++seen < 4) continue;
            await batch.AckAsync(TestContext.Current.CancellationToken);
            Assert.Equal(batch.NextOffset, _committed[^1]);
            break;
        }

        await consumer.DisposeAsync();
        Assert.Equal(40, _committed[^1]);
    }

    [Fact(Timeout = Deadline)]
    public async Task What_is_given_away_is_waited_for_committed_and_then_silent()
    {
        await using var core = new ClientCore(_broker.Options());
        var (engine, consumer) = Create(core);
        await engine.AssignAsync([ScriptedLog.Where]);
        Task? revoked = null;
        var offsets = new List<long>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var record in consumer.ReadAllAsync(stop.Token))
            {
                offsets.Add(record.Offset);
                if (record.Offset != 14) continue;
                revoked = engine.RevokeAsync([ScriptedLog.Where], CancellationToken.None);
                Assert.False(revoked.IsCompleted);
                _ = revoked.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
            }
        });

        await revoked!;
        Assert.Equal(15, offsets.Count);
        Assert.Equal([15], _committed);
        Assert.Empty(consumer.Assignment);
        await consumer.DisposeAsync();
    }

    [Fact(Timeout = Deadline)]
    public async Task What_is_not_done_by_the_deadline_is_not_committed_and_what_is_lost_never_is()
    {
        await using var core = new ClientCore(_broker.Options());
        var (engine, consumer) = Create(core);
        await engine.AssignAsync([ScriptedLog.Where]);
        await ConsumedTopic.ReadAsync(consumer, 12);
        using var deadline = new CancellationTokenSource();
        var revoked = engine.RevokeAsync([ScriptedLog.Where], deadline.Token);
        Assert.False(revoked.IsCompleted);
        await deadline.CancelAsync();
        await revoked;
        Assert.Empty(consumer.Assignment);

        await engine.AssignAsync([ScriptedLog.Where]);
        await ConsumedTopic.ReadAsync(consumer, 12);
        await engine.LoseAsync([ScriptedLog.Where]);
        await consumer.DisposeAsync();
        Assert.Empty(_committed);
    }

    [Fact(Timeout = Deadline)]
    public async Task What_was_committed_is_where_it_goes_on_and_a_commit_that_is_refused_is_made_again()
    {
        await using var core = new ClientCore(_broker.Options());
        var (engine, consumer) = Create(core);
        engine.Committed = static (_, _) => Task.FromResult<IReadOnlyDictionary<TopicPartition, OffsetPosition>>(new Dictionary<TopicPartition, OffsetPosition> { [ScriptedLog.Where] = new(37) });
        var refusals = 1;
        engine.Commit = (offsets, _) =>
        {
            if (refusals-- > 0) throw KafkaException.Of(ErrorCode.CoordinatorNotAvailable, null, "g");
            _committed.Add(offsets[ScriptedLog.Where].Offset);
            return Task.CompletedTask;
        };
        await engine.AssignAsync([ScriptedLog.Where]);
        Assert.Equal(ConsumedTopic.Numbers(37, 10), await ConsumedTopic.ReadAsync(consumer, 10));
        await Assert.ThrowsAsync<KafkaException>(() => engine.CommitAsync(TestContext.Current.CancellationToken));
        await engine.CommitAsync(TestContext.Current.CancellationToken);
        await engine.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([46], _committed);
        await consumer.DisposeAsync();
    }

    [Fact(Timeout = Deadline)]
    public async Task What_nobody_foresaw_is_told_and_not_waited_for()
    {
        await using var core = new ClientCore(_broker.Options());
        var (engine, consumer) = Create(core);
        engine.Committed = static (_, _) => throw new NotSupportedException("as nobody foresaw");
        await engine.AssignAsync([ScriptedLog.Where]);

        var broken = await Assert.ThrowsAsync<KafkaException>(() => ConsumedTopic.ReadAsync(consumer, 1));
        Assert.Equal((true, "t-0"), (broken.IsFatal, broken.Where));
        Assert.Contains("as nobody foresaw", broken.Message, StringComparison.Ordinal);
        await consumer.DisposeAsync();
    }

    [Fact(Timeout = Deadline)]
    public async Task What_is_done_is_committed_each_interval_and_a_refusal_does_not_end_that()
    {
        await using var core = new ClientCore(_broker.Options());
        var (engine, consumer) = Create(core, TimeSpan.FromMilliseconds(1));
        var (refusals, committed) = (2, new TaskCompletionSource<long>());
        engine.Commit = (offsets, _) =>
        {
            if (refusals-- > 0) throw new InvalidOperationException("refused");
            committed.TrySetResult(offsets[ScriptedLog.Where].Offset);
            return Task.CompletedTask;
        };
        await engine.AssignAsync([ScriptedLog.Where]);
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (record.Offset < 14) continue;
            Assert.InRange(await committed.Task, 1, 14);
            break;
        }

        await consumer.DisposeAsync();
    }

    [Fact(Timeout = Deadline)]
    public async Task Handlers_may_end_in_any_order_and_the_lowest_that_is_not_done_is_committed()
    {
        await using var core = new ClientCore(_broker.Options());
        var (engine, consumer) = Create(core);
        await engine.AssignAsync([ScriptedLog.Where]);
        var (first, second, third) = (await NextAsync(engine), await NextAsync(engine), await NextAsync(engine));
        engine.Finish(third);
        engine.Finish(second);
        await engine.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_committed);
        engine.Finish(first);
        await engine.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([30], _committed);
        await consumer.DisposeAsync();
    }

    private static async Task<Moldau.Client.Fetching.FetchedBatch> NextAsync(ConsumerEngine engine) => (await engine.NextAsync(TestContext.Current.CancellationToken, inOrder: false))!;

    private (ConsumerEngine Engine, Consumer<string, string> Consumer) Create(ClientCore core, TimeSpan interval = default)
    {
        var engine = new ConsumerEngine(core, new TopicAdmin(core), new ConsumerOptions { CommitInterval = interval })
        {
            Commit = (offsets, _) =>
            {
                _committed.Add(offsets[ScriptedLog.Where].Offset);
                return Task.CompletedTask;
            },
            Committed = static (_, _) => Task.FromResult<IReadOnlyDictionary<TopicPartition, OffsetPosition>>(new Dictionary<TopicPartition, OffsetPosition>()),
        };
        return (engine, new Consumer<string, string>(engine, Serde.Text, Serde.Text));
    }
}
