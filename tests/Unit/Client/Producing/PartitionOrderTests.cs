using Moldau.Client.Producing;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Client.Producing;

public class PartitionOrderTests
{
    [Fact]
    public void Until_the_first_is_confirmed_one_is_under_way_and_then_five()
    {
        var order = New();
        var first = Sent(order, 3);
        Assert.False(order.TakesNew);
        order.Answer(first, ErrorCode.None, wasSent: true);

        var sent = new List<Batch>();
        while (order.TakesNew) sent.Add(Sent(order, 2));
        Assert.Equal([3, 5, 7, 9, 11], sent.Select(static batch => batch.Sequence));
        // One in the middle that is confirmed makes no room: the first one could be forgotten by then.
        order.Answer(sent[2], ErrorCode.None, wasSent: true);
        Assert.False(order.TakesNew);
        order.Answer(sent[0], ErrorCode.None, wasSent: true);
        Assert.True(order.TakesNew);
    }

    [Fact]
    public void Batches_that_failed_go_again_in_their_order_with_their_numbers()
    {
        var (order, sent) = Pipelined(3);
        Assert.Equal(Verdict.Again, order.Answer(sent[0], ErrorCode.NotLeaderOrFollower, wasSent: true));
        Assert.Equal(Verdict.Again, order.Answer(sent[1], ErrorCode.OutOfOrderSequenceNumber, wasSent: true));
        Assert.Equal(Verdict.Again, order.Answer(sent[2], ErrorCode.OutOfOrderSequenceNumber, wasSent: true));

        for (var i = 0; i < 3; i++)
        {
            Assert.False(order.TakesNew);
            Assert.Same(sent[i], order.Again());
            order.Send(sent[i]);
            Assert.Equal(1 + i, sent[i].Sequence);
        }

        Assert.True(order.TakesNew);
    }

    [Fact]
    public void Behind_a_lost_batch_the_others_are_numbered_anew_when_their_fate_is_known()
    {
        var (order, sent) = Pipelined(3);
        Assert.Equal(Verdict.Lost, order.Answer(sent[0], ErrorCode.InvalidRecord, wasSent: true));
        Assert.Equal(Verdict.Again, order.Answer(sent[1], ErrorCode.NetworkException, wasSent: true));
        Assert.Null(order.Again());
        order.Answer(sent[2], ErrorCode.OutOfOrderSequenceNumber, wasSent: true);

        // The second may have been written: it is asked about with its old number before it gets another.
        Assert.Same(sent[1], order.Again());
        order.Send(sent[1]);
        Assert.Equal(2, sent[1].Sequence);
        Assert.Equal(Verdict.Again, order.Answer(sent[1], ErrorCode.OutOfOrderSequenceNumber, wasSent: true));
        Assert.Equal((1, 2), (sent[1].Sequence, sent[2].Sequence));
        Assert.False(order.NeedsEpoch);
    }

    [Fact]
    public void Behind_a_batch_nobody_knows_of_a_new_epoch_begins()
    {
        var (order, sent) = Pipelined(2);
        order.GiveUp(sent[0]);
        Assert.False(order.NeedsEpoch);
        order.Answer(sent[1], ErrorCode.OutOfOrderSequenceNumber, wasSent: true);

        Assert.True(order.NeedsEpoch);
        Assert.False(order.TakesNew);
        order.Adopt(1, 1);
        Assert.Equal(0, sent[1].Sequence);
        Assert.Equal(Verdict.Forgotten, order.Answer(sent[0], ErrorCode.None, wasSent: true));
    }

    [Fact]
    public void A_gap_that_nothing_explains_is_no_loss_where_the_batch_was_certainly_not_written()
    {
        var (order, sent) = Pipelined(1);
        Assert.Equal(Verdict.Again, order.Answer(sent[0], ErrorCode.OutOfOrderSequenceNumber, wasSent: true));
        Assert.True(order.NeedsEpoch);

        (order, sent) = Pipelined(1);
        order.Answer(sent[0], ErrorCode.RequestTimedOut, wasSent: true);
        order.Send(sent[0]);
        Assert.Equal(Verdict.Lost, order.Answer(sent[0], ErrorCode.OutOfOrderSequenceNumber, wasSent: true));
    }

    [Fact]
    public void Sequences_begin_anew_behind_the_largest()
    {
        var order = New();
        var last = Sent(order, int.MaxValue);
        order.Answer(last, ErrorCode.None, wasSent: true);
        var next = Sent(order, 5);
        Assert.Equal(int.MaxValue, next.Sequence);
        order.Answer(next, ErrorCode.None, wasSent: true);
        Assert.Equal(4, Sent(order, 1).Sequence);
    }

    [Fact]
    public void Parts_of_a_batch_take_its_place()
    {
        var (order, sent) = Pipelined(2, count: 4);
        Assert.Equal(Verdict.Split, order.Answer(sent[0], ErrorCode.MessageTooLarge, wasSent: true));
        Batch[] parts = [new(2), new(2)];
        order.Replace(sent[0], parts);
        order.Answer(sent[1], ErrorCode.OutOfOrderSequenceNumber, wasSent: true);

        Assert.Equal([1, 3, 5], order.Batches.Select(static batch => batch.Sequence));
        Assert.Same(parts[0], order.Again());
    }

    private static PartitionOrder<Batch> New()
    {
        var order = new PartitionOrder<Batch>(5, isIdempotent: true, restarts: true);
        order.Adopt(1, 0);
        return order;
    }

    /// <summary>So many under way behind one that was confirmed.</summary>
    private static (PartitionOrder<Batch> Order, List<Batch> Sent) Pipelined(int batches, int count = 1)
    {
        var order = New();
        order.Answer(Sent(order, 1), ErrorCode.None, wasSent: true);
        var sent = new List<Batch>();
        for (var i = 0; i < batches; i++) sent.Add(Sent(order, count));
        return (order, sent);
    }

    private static Batch Sent(PartitionOrder<Batch> order, int count)
    {
        var batch = new Batch(count);
        order.Send(batch);
        return batch;
    }

    private sealed class Batch(int count) : SequencedBatch
    {
        public override int Count { get; } = count;
    }
}
