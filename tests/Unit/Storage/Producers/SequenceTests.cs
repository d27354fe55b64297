using Moldau.Protocol.Errors;
using Moldau.Storage.Producers;
using Xunit;

namespace Moldau.Unit.Storage.Producers;

public class SequenceTests
{
    private readonly SamplePartition _partition = new();

    [Fact]
    public void A_producer_nobody_knows_may_begin_with_any_sequence()
    {
        Assert.True(_partition.Send(7, sequence: 41, count: 2, epoch: 3).IsNew);
        Assert.True(_partition.Send(7, sequence: 43, epoch: 3).IsNew);
    }

    [Fact]
    public void Each_of_the_last_five_batches_is_answered_with_its_first_offsets_and_time()
    {
        for (var i = 0; i < 6; i++) _partition.Send(7, sequence: i * 2, count: 2, time: 100 + i);

        for (var i = 1; i < 6; i++)
        {
            var again = _partition.Send(7, sequence: i * 2, count: 2, time: 900);
            Assert.Equal((ProducerOutcome.Duplicate, ErrorCode.None), (again.Outcome, again.Error));
            Assert.Equal((i * 2L, i * 2L + 1, 100L + i), (again.Earlier.BaseOffset, again.Earlier.LastOffset, again.Earlier.Timestamp));
        }

        Assert.Equal(ProducerOutcome.OutOfOrder, _partition.Send(7, sequence: 0, count: 2).Outcome);
        Assert.Equal(12, _partition.End);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_gap_and_a_half_known_batch_are_out_of_order(int sequence)
    {
        _partition.Send(7, sequence: 0, count: 5);

        var check = _partition.Send(7, sequence, count: 2);

        Assert.Equal((ProducerOutcome.OutOfOrder, ErrorCode.OutOfOrderSequenceNumber, 5), (check.Outcome, check.Error, check.Expected));
    }

    [Fact]
    public void Sequences_wrap_to_0_behind_the_largest_and_a_batch_across_it_is_known_again()
    {
        _partition.Send(7, sequence: int.MaxValue - 1, count: 4);

        Assert.Equal((1, 2), (_partition.Of(7).LastSequence, _partition.Of(7).NextSequence));
        Assert.True(_partition.Send(7, sequence: int.MaxValue - 1, count: 4).IsDuplicate);
        Assert.True(_partition.Send(7, sequence: 2).IsNew);

        _partition.Send(8, sequence: int.MaxValue);
        Assert.True(_partition.Send(8, sequence: 0).IsNew);
    }

    [Fact]
    public void A_new_epoch_begins_at_0_and_forgets_the_batches_of_the_old_one()
    {
        _partition.Send(7, sequence: 0);

        Assert.Equal(ProducerOutcome.EpochNotFromZero, _partition.Send(7, sequence: 1, epoch: 1).Outcome);
        Assert.True(_partition.Send(7, sequence: 0, epoch: 1).IsNew);
        Assert.Equal((1, (short)1), (_partition.Of(7).BatchCount, _partition.Of(7).Epoch));
    }

    [Fact]
    public void An_old_epoch_is_fenced_even_where_its_batch_was_known_once()
    {
        _partition.Send(7, sequence: 0);
        _partition.Send(7, sequence: 0, epoch: 1);

        var check = _partition.Send(7, sequence: 0, epoch: 0);

        Assert.Equal((ProducerOutcome.StaleEpoch, ErrorCode.InvalidProducerEpoch, (short)1), (check.Outcome, check.Error, check.KnownEpoch));
    }

    [Fact]
    public void A_check_moves_nothing_until_the_bytes_are_written()
    {
        _partition.Send(7, sequence: 0);
        var batch = _partition.Batch(7, sequence: 1);

        Assert.True(_partition.States.Check(batch, AppendOrigin.Client).IsNew);
        Assert.True(_partition.States.Check(batch, AppendOrigin.Client).IsNew);

        Assert.Equal(0, _partition.Of(7).LastSequence);
        Assert.False(_partition.States.TryGet(8, out _));
        Assert.True(_partition.States.Check(_partition.Batch(8, 0), AppendOrigin.Client).IsNew);
        Assert.False(_partition.States.TryGet(8, out _));
    }

    [Fact]
    public void A_coordinator_may_repeat_its_sequence_but_not_an_old_epoch()
    {
        _partition.Send(7, sequence: 0, epoch: 1, origin: AppendOrigin.Coordinator);

        Assert.True(_partition.Send(7, sequence: 0, epoch: 1, origin: AppendOrigin.Coordinator).IsNew);
        Assert.Equal(ProducerOutcome.StaleEpoch, _partition.Send(7, sequence: 0, epoch: 0, origin: AppendOrigin.Coordinator).Outcome);
    }

    [Fact]
    public void What_a_leader_wrote_is_applied_without_a_word()
    {
        _partition.Append(_partition.Batch(7, sequence: 9, epoch: 4));
        _partition.Append(_partition.Batch(7, sequence: 3, epoch: 2));

        Assert.Equal(((short)2, 3, 1), (_partition.Of(7).Epoch, _partition.Of(7).LastSequence, _partition.Of(7).BatchCount));
    }

    [Fact]
    public void A_batch_of_no_producer_leaves_no_state()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _partition.Append(_partition.Batch(-1, sequence: -1, epoch: -1)));
        Assert.Equal(0, _partition.States.Count);
    }

    [Fact]
    public void A_refusal_says_who_where_what_was_expected_and_what_came()
    {
        _partition.Send(7, sequence: 0, count: 5, epoch: 2);
        var batch = _partition.Batch(7, sequence: 9, epoch: 2);

        var text = ProducerRefusal.Describe(batch, _partition.States.Check(batch, AppendOrigin.Client), "orders-0");

        Assert.Equal(
            "producer 7, epoch 2, in orders-0 at offset 5: sequence 9, but 5 is next; send the batches in between first", text);
    }

    [Fact]
    public void A_known_producer_costs_no_allocation()
    {
        _partition.Send(7, sequence: 0);
        _partition.Send(8, sequence: 0);
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Run(1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                Assert.True(_partition.Send(7, _partition.Of(7).NextSequence).IsNew);
                Assert.True(_partition.Send(8, _partition.Of(8).NextSequence).IsNew);
                if (!_partition.Send(8, _partition.Of(8).LastSequence).IsDuplicate) throw new InvalidOperationException("not known again");
                if (_partition.Send(7, _partition.Of(7).NextSequence + 1).IsNew) throw new InvalidOperationException("a gap was taken");
            }
        }
    }
}
