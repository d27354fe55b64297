using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;
using Moldau.Storage.Producers;
using Xunit;

namespace Moldau.Unit.Storage.Producers;

public class TransactionTests
{
    private readonly SamplePartition _partition = new();

    [Fact]
    public void Readers_of_what_is_committed_stop_at_a_transaction_until_its_marker_is_replicated()
    {
        _partition.Send(1, sequence: 0, count: 3);
        _partition.SendVerified(7, sequence: 0, count: 2);
        Assert.Equal((3, 3), (_partition.States.FirstUnstableOffset, _partition.States.FirstUndecidedOffset));

        var (check, completed) = _partition.EndTransaction(7);

        Assert.True(check.IsNew);
        Assert.Equal(new CompletedTransaction(7, FirstOffset: 3, LastOffset: 5, IsAborted: false, LastStableOffset: 6), completed);
        Assert.Equal((3, null), (_partition.States.FirstUnstableOffset, _partition.States.FirstUndecidedOffset));

        _partition.States.HighWatermarkMoved(5);
        Assert.Equal(3, _partition.States.FirstUnstableOffset);
        _partition.States.HighWatermarkMoved(6);
        Assert.Null(_partition.States.FirstUnstableOffset);
    }

    [Fact]
    public void An_aborted_transaction_names_the_stable_offset_that_another_open_one_holds_back()
    {
        _partition.SendVerified(7, sequence: 0);
        _partition.SendVerified(8, sequence: 0);
        _partition.SendVerified(9, sequence: 0);

        var (_, completed) = _partition.EndTransaction(8, abort: true);

        Assert.Equal(new CompletedTransaction(8, FirstOffset: 1, LastOffset: 3, IsAborted: true, LastStableOffset: 0), completed);
        _partition.EndTransaction(7);
        _partition.States.HighWatermarkMoved(_partition.End);
        Assert.Equal(2, _partition.States.FirstUnstableOffset);
    }

    [Fact]
    public void A_marker_without_a_transaction_completes_none()
    {
        var (check, completed) = _partition.EndTransaction(7, epoch: 4);

        Assert.True(check.IsNew);
        Assert.Null(completed);
        Assert.Equal(((short)4, 1), (_partition.Of(7).Epoch, _partition.Of(7).CoordinatorEpoch));
    }

    [Fact]
    public void A_marker_of_a_replaced_coordinator_is_fenced()
    {
        _partition.EndTransaction(7, coordinator: 5);

        var (check, _) = _partition.EndTransaction(7, coordinator: 4);

        Assert.Equal((ProducerOutcome.StaleCoordinator, ErrorCode.TransactionCoordinatorFenced, 5), (check.Outcome, check.Error, check.Expected));
        var text = ProducerRefusal.Describe(new TransactionEnd(7, 0, 1, 100, IsAbort: false, 4), check, "orders-0");
        Assert.Contains("commit of producer 7, epoch 0, in orders-0 at offset 1: coordinator epoch 4, but 5 is known", text, StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_second_protocol_a_marker_must_raise_the_epoch_unless_it_is_a_repetition()
    {
        _partition.SendVerified(7, sequence: 0, epoch: 3, startsAtZero: true);

        Assert.Equal(ProducerOutcome.StaleEpoch, _partition.EndTransaction(7, epoch: 3, bumpsEpoch: true).Check.Outcome);
        Assert.NotNull(_partition.EndTransaction(7, epoch: 4, bumpsEpoch: true).Completed);
        var (again, completed) = _partition.EndTransaction(7, epoch: 4, bumpsEpoch: true);

        Assert.True(again.IsNew);
        Assert.Null(completed);
    }

    [Fact]
    public void At_the_last_epoch_there_is_nothing_to_raise_to()
    {
        _partition.SendVerified(7, sequence: 0, epoch: short.MaxValue);

        Assert.NotNull(_partition.EndTransaction(7, epoch: short.MaxValue, bumpsEpoch: true).Completed);
    }

    [Fact]
    public void A_batch_outside_of_its_producers_open_transaction_is_refused()
    {
        _partition.SendVerified(7, sequence: 0);

        var check = _partition.Send(7, sequence: 1);

        Assert.Equal((ProducerOutcome.OutsideTransaction, ErrorCode.InvalidTxnState), (check.Outcome, check.Error));
    }

    [Fact]
    public void A_transaction_begins_only_with_a_fitting_guard()
    {
        Assert.Equal(ProducerOutcome.NotVerified, _partition.Send(7, sequence: 0, transactional: true).Outcome);
        _partition.States.BeginVerification(8, 0, 0, startsAtZero: false, now: 100, out var others);
        _partition.States.BeginVerification(7, 0, 0, startsAtZero: false, now: 100, out var guard);

        Assert.Equal(ProducerOutcome.NotVerified, _partition.Send(7, sequence: 0, transactional: true, guard: others).Outcome);
        Assert.True(_partition.Send(7, sequence: 0, transactional: true, guard: guard).IsNew);
        Assert.True(_partition.Send(7, sequence: 1, transactional: true).IsNew);
    }

    /// <summary>What the guard is for: the late batch of a transaction that was aborted must not open it again.</summary>
    [Fact]
    public void A_guard_is_worth_nothing_once_a_marker_came_in_between()
    {
        _partition.States.BeginVerification(7, 0, 0, startsAtZero: false, now: 100, out var guard);
        _partition.EndTransaction(7, abort: true);

        Assert.Equal(ProducerOutcome.NotVerified, _partition.Send(7, sequence: 0, transactional: true, guard: guard).Outcome);
    }

    [Fact]
    public void A_guard_for_the_next_epoch_outlives_the_marker_that_begins_it()
    {
        _partition.SendVerified(7, sequence: 0, startsAtZero: true);
        _partition.States.BeginVerification(7, 1, 0, startsAtZero: true, now: 100, out var guard);
        _partition.EndTransaction(7, epoch: 1, bumpsEpoch: true);

        Assert.True(_partition.Send(7, sequence: 0, epoch: 1, transactional: true, guard: guard).IsNew);
    }

    [Fact]
    public void In_the_second_protocol_a_producer_without_batches_here_begins_at_0()
    {
        Assert.Equal(ProducerOutcome.TransactionNotFromZero, _partition.SendVerified(7, sequence: 3, startsAtZero: true).Outcome);
        Assert.True(_partition.SendVerified(8, sequence: 3, startsAtZero: false).IsNew);
    }

    [Fact]
    public void The_second_batch_of_a_transaction_under_verification_waits_for_the_first()
    {
        _partition.States.BeginVerification(7, 0, 0, startsAtZero: false, now: 100, out _);

        var check = _partition.SendVerified(7, sequence: 2);

        Assert.Equal((ProducerOutcome.AboveVerified, 0), (check.Outcome, check.Expected));
    }

    [Fact]
    public void An_old_epoch_cannot_begin_a_verification()
    {
        _partition.Send(7, sequence: 0, epoch: 2);

        var check = _partition.States.BeginVerification(7, 1, 0, startsAtZero: true, now: 100, out var guard);

        Assert.Equal((ProducerOutcome.StaleEpoch, true), (check.Outcome, guard.IsNone));
    }

    [Fact]
    public void Silent_producers_are_forgotten_but_not_in_a_transaction()
    {
        _partition.Send(1, sequence: 0, time: 100);
        _partition.SendVerified(7, sequence: 0, time: 100);
        _partition.Send(2, sequence: 0, time: 101);

        _partition.States.RemoveExpired(now: 200, expirationMilliseconds: 100);

        Assert.False(_partition.States.TryGet(1, out _));
        Assert.True(_partition.States.TryGet(2, out _));
        Assert.True(_partition.States.TryGet(7, out _));
        Assert.True(_partition.Send(1, sequence: 77).IsNew);
        Assert.Equal(100, _partition.States.OldestTransactionTimestamp);
    }

    [Fact]
    public void Facts_are_read_from_batches_and_markers_as_they_are_built()
    {
        using var scratch = new PooledBuffer();
        using var builder = new RecordBatchBuilder();
        builder.Append(50, default, default);
        builder.Append(60, default, default);
        var options = new BatchOptions { BaseOffset = 12, Producer = new ProducerIdentity(7, 3, int.MaxValue), IsTransactional = true };
        var data = RecordBatch.Read(builder.Finish(options).Span);

        Assert.Equal(new ProducedBatch(7, 3, int.MaxValue, 0, 12, 13, 60, IsTransactional: true), ProducedBatch.Of(data));
        Assert.Equal((40, 41), (ProducedBatch.At(data, 40).BaseOffset, ProducedBatch.At(data, 40).LastOffset));

        builder.Clear();
        new TransactionMarker(ControlRecordType.Abort, 9).AppendTo(builder, 70);
        var control = RecordBatch.Read(builder.Finish(options with { IsControl = true }).Span);
        Assert.True(TransactionEnd.TryRead(control, 14, scratch, out var end));
        Assert.Equal(new TransactionEnd(7, 3, 14, 70, IsAbort: true, 9), end);
    }
}
