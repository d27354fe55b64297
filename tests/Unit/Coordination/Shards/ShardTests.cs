using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Coordination.Shards;

public class ShardTests
{
    private readonly PlainMachine _machine = new();
    private readonly List<Exception> _faults = [];
    private readonly List<(ShardTimer Timer, TimeSpan? After)> _timers = [];
    private readonly Shard<PlainMachine> _shard;

    public ShardTests()
    {
        _shard = new Shard<PlainMachine>(_machine, (timer, after) => _timers.Add((timer, after)), _faults.Add);
        _shard.Loaded(1);
    }

    [Fact]
    public void A_reply_leaves_when_its_records_are_committed()
    {
        var reply = Put("a", 1);

        Assert.Null(reply.Told);
        var batch = Assert.Single(_shard.TakeBatches());
        Assert.Null(reply.Told);
        _shard.Committed(batch);
        Assert.Equal(ErrorCode.None, reply.Told);
        Assert.False(_shard.HasUncommitted);
    }

    [Fact]
    public void A_reply_without_records_leaves_at_once_where_nothing_is_under_way()
    {
        Assert.Equal(ErrorCode.None, Read().Told);
    }

    [Fact]
    public void A_reply_without_records_waits_for_what_it_was_computed_from()
    {
        Put("a", 1);
        var read = Read();

        Assert.Null(read.Told);
        _shard.Committed(_shard.TakeBatches()[^1]);
        Assert.Equal(ErrorCode.None, read.Told);
    }

    [Fact]
    public void What_comes_while_a_batch_is_under_way_is_one_batch()
    {
        Put("a", 1);
        var first = Assert.Single(_shard.TakeBatches());
        var (two, three) = (Put("b", 2), Put("c", 3));

        var second = Assert.Single(_shard.TakeBatches());
        Assert.Equal(2, second.Records.Count);
        _shard.Committed(first);
        Assert.Null(two.Told);
        _shard.Committed(second);
        Assert.Equal((ErrorCode.None, ErrorCode.None), (two.Told, three.Told));
    }

    [Fact]
    public void A_batch_takes_no_more_than_it_may_hold()
    {
        _shard.LargestBatch = 100;
        for (var i = 0; i < 5; i++) Put("a", i);

        Assert.All(_shard.TakeBatches(), static batch => Assert.InRange(batch.Size, 1, 100));
    }

    [Fact]
    public void Each_transaction_has_batches_of_its_own()
    {
        Put("a", 1);
        Put("b", 2, new TransactionProducer(7, 0));
        Put("c", 3);

        Assert.Equal([null, new TransactionProducer(7, 0), null], _shard.TakeBatches().Select(static batch => batch.Producer));
    }

    [Fact]
    public void What_could_not_be_appended_has_not_happened()
    {
        Put("a", 1);
        _shard.Committed(_shard.TakeBatches()[^1]);
        var (write, read) = (Put("a", 2), Read());

        _shard.Failed(2, _shard.TakeBatches()[0], ErrorCode.NotCoordinator, "no disk");

        Assert.Equal((ErrorCode.NotCoordinator, ErrorCode.NotCoordinator), (write.Told, read.Told));
        Assert.Equal(1, _machine.Numbers.Find("a"));
        Assert.Equal(1, _machine.RolledBackTimes);
    }

    [Fact]
    public void What_came_behind_a_failed_batch_goes_with_it_and_what_came_before_stays()
    {
        var one = Put("a", 1);
        var first = _shard.TakeBatches()[0];
        var two = Put("a", 2);
        var second = _shard.TakeBatches()[0];
        var three = Put("a", 3);

        _shard.Failed(2, second, ErrorCode.InvalidProducerEpoch, null);

        Assert.Equal(1, _machine.Numbers.Find("a"));
        Assert.Equal((null, ErrorCode.InvalidProducerEpoch, ErrorCode.CoordinatorNotAvailable), (one.Told, two.Told, three.Told));
        Assert.False(_shard.HasBatches);
        _shard.Committed(first);
        Assert.Equal(ErrorCode.None, one.Told);
    }

    [Fact]
    public void An_event_that_throws_takes_back_its_own_changes_and_no_others()
    {
        var one = Put("a", 1);
        var reply = new NotedReply();
        _shard.Run(1, reply, static (_, outcome) =>
        {
            PlainMachine.Put(outcome, "a", 2);
            throw new InvalidOperationException("on purpose");
        });

        Assert.Equal(ErrorCode.UnknownServerError, reply.Told);
        Assert.Equal(1, _machine.Numbers.Find("a"));
        Assert.Single(_faults);
        _shard.Committed(_shard.TakeBatches()[^1]);
        Assert.Equal(ErrorCode.None, one.Told);
    }

    [Fact]
    public void An_event_too_large_for_a_batch_is_refused_unless_it_may_be_split()
    {
        _shard.LargestBatch = 100;
        var reply = new NotedReply();
        _shard.Run(1, reply, static (_, outcome) => PutMany(outcome));
        Assert.Equal(ErrorCode.UnknownServerError, reply.Told);

        _shard.Run(1, null, static (_, outcome) =>
        {
            outcome.MayBeSplit = true;
            PutMany(outcome);
        });
        Assert.Equal(9, _shard.TakeBatches().Sum(static batch => batch.Records.Count));
    }

    [Fact]
    public void A_marker_is_held_like_a_record()
    {
        var reply = new NotedReply();
        _shard.End(1, reply, new TransactionProducer(7, 0), new MarkerEnd(IsCommit: true, CoordinatorEpoch: 3));

        var batch = Assert.Single(_shard.TakeBatches());
        Assert.Equal(3, batch.Marker!.Value.CoordinatorEpoch);
        Assert.Null(reply.Told);
        _shard.Failed(1, batch, ErrorCode.CoordinatorNotAvailable, null);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, reply.Told);
        Assert.False(_machine.Numbers.Contains("of 7"));
    }

    [Fact]
    public void Whoever_waits_when_a_shard_is_dropped_is_told_to_look_elsewhere()
    {
        var reply = Put("a", 1);
        _shard.TakeBatches();

        _shard.Drop(1, "moved");

        Assert.Equal(ErrorCode.NotCoordinator, reply.Told);
    }

    [Fact]
    public void Timers_are_told_with_the_event_that_sets_them() => Assert.Equal("loaded", Assert.Single(_timers).Timer.Kind);

    [Theory]
    [InlineData("", 0)]
    [InlineData("g", 3)]
    [InlineData("my-group", 12)]
    [InlineData("polygenelubricants", 0)]
    public void A_shard_is_found_as_Kafka_finds_it(string id, int shard) => Assert.Equal(shard, ShardNumber.Of(id, 50));

    private static void PutMany(Outcome outcome)
    {
        for (var i = 0; i < 9; i++) PlainMachine.Put(outcome, $"many{i}", i);
    }

    private NotedReply Put(string name, long number, TransactionProducer? producer = null)
    {
        var reply = new NotedReply();
        _shard.Run(1, reply, (_, outcome) =>
        {
            outcome.Producer = producer;
            PlainMachine.Put(outcome, name, number);
            outcome.Send(reply);
        });
        return reply;
    }

    private NotedReply Read()
    {
        var reply = new NotedReply();
        _shard.Run(1, reply, (_, outcome) => outcome.Send(reply));
        return reply;
    }
}
