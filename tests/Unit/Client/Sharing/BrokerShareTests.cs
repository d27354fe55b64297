using Moldau.Client;
using Moldau.Client.Fetching;
using Moldau.Client.Sharing;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Client.Sharing;

/// <summary>What becomes of records that a broker gave, and of what it is told of them.</summary>
public class BrokerShareTests
{
    private const long LockMs = 100;

    private readonly BrokerShare _broker = new(1, TimeProvider.System) { Renews = true };
    private readonly SharePartition _partition = new(new TopicPartition("t", 0));

    [Fact]
    public void Neighbours_of_which_the_same_is_said_are_one_range()
    {
        var batch = Admit(0, 1, 2, 3, 5, 6);
        Say(batch, Acknowledgement.Accept, 1, 0, 2);
        Say(batch, Acknowledgement.Reject, 3, 4);
        Say(batch, Acknowledgement.Accept, 5);
        _broker.Queue.Add(_partition, new AcknowledgedSpan(4, 4, AcknowledgedSpan.Gap), 0);
        var sent = _broker.Take(0);
        Assert.Equal(["0-2=1", "3-3=3", "4-4=0", "5-5=3", "6-6=1"], sent.Merged(_partition).Select(static span => $"{span.First}-{span.Last}={span.Type}"));
        Assert.Equal(0, _broker.Held);
        _broker.Settle(sent, _partition, null, 0);
        // Gaps are nothing that the application has said.
        Assert.Equal(5, _broker.Told.Dequeue().Ranges.Sum(static range => range.Count) - 1);
    }

    [Fact]
    public void What_was_said_of_a_record_stays_said()
    {
        var batch = Admit(0);
        Say(batch, Acknowledgement.Release, 0);
        Assert.Throws<InvalidOperationException>(() => Say(batch, Acknowledgement.Accept, 0));
    }

    [Fact]
    public void A_lock_that_is_over_loses_its_record_and_one_that_was_renewed_does_not()
    {
        var batch = Admit(0, 1);
        Say(batch, Acknowledgement.Renew, 0);
        Assert.Equal(LockMs, _broker.ExpiresAt(LockMs));
        var sent = _broker.Take(60);
        Assert.True(sent.HasRenewals);
        _broker.Settle(sent, _partition, null, 70);
        _broker.Expire(99, LockMs);
        Assert.Equal(2, _broker.Held);
        _broker.Expire(100, LockMs);
        Assert.Equal(1, _broker.Held);
        Assert.Equal((RecordStage.Waiting, RecordStage.Lost), (batch[0].Stage, batch[1].Stage));
        Assert.Equal(170, _broker.ExpiresAt(LockMs));

        _broker.Told.Clear();
        Say(batch, Acknowledgement.Accept, 1);
        Assert.Equal(ErrorCode.InvalidRecordState, _broker.Told.Dequeue().Error!.Code);
        Assert.True(_broker.Queue.IsEmpty);
    }

    [Fact]
    public void A_renewal_that_was_not_sent_gives_way_to_what_is_said_at_last()
    {
        var batch = Admit(0, 1);
        Say(batch, Acknowledgement.Renew, 0, 1);
        Say(batch, Acknowledgement.Accept, 0, 1);
        Assert.False(_broker.Queue.HasRenewals);
        Assert.Equal(["0-1=1"], _broker.Take(0).Merged(_partition).Select(static span => $"{span.First}-{span.Last}={span.Type}"));
    }

    [Fact]
    public void A_broker_that_is_too_old_for_renewals_is_told_none_and_who_asked_is()
    {
        var batch = Admit(0, 1);
        _broker.Renews = false;
        Say(batch, Acknowledgement.Renew, 0);
        Say(batch, Acknowledgement.Accept, 1);
        var sent = _broker.Take(0);
        Assert.Equal(["1-1=1"], sent.Merged(_partition).Select(static span => $"{span.First}-{span.Last}={span.Type}"));
        Assert.Equal(ErrorCode.UnsupportedVersion, _broker.Told.Dequeue().Error!.Code);
        Assert.Equal(RecordStage.Waiting, batch[0].Stage);
        _broker.RenewOlderThan(1000, 1);
        Assert.True(_broker.Queue.IsEmpty);
    }

    [Fact]
    public void Who_commits_waits_for_what_is_queued_and_what_is_under_way_and_for_nothing_else()
    {
        var batch = Admit(0, 1, 2);
        Assert.True(Commit().Done.IsCompleted);
        Say(batch, Acknowledgement.Accept, 0);
        var sent = _broker.Take(0);
        var first = Commit();
        Say(batch, Acknowledgement.Accept, 1);
        var second = Commit();
        Assert.True(_broker.IsUrgent);
        _broker.Settle(sent, _partition, null, 0);
        _broker.Over();
        Assert.True(first.Done.IsCompleted);
        Assert.False(second.Done.IsCompleted);
        sent = _broker.Take(0);
        Say(batch, Acknowledgement.Accept, 2);
        _broker.Settle(sent, _partition, KafkaException.Of(ErrorCode.InvalidRecordState, null), 0);
        _broker.Over();
        Assert.True(second.Done.IsCompleted);
        Assert.Equal(1, first.Outcomes[_partition.Where].Get());
        Assert.Equal(ErrorCode.InvalidRecordState, second.Outcomes[_partition.Where].Error!.Code);
        Assert.False(_broker.Queue.IsEmpty);
    }

    [Fact]
    public void What_has_moved_is_lost_and_who_waits_for_it_is_told()
    {
        var batch = Admit(0, 1);
        Say(batch, Acknowledgement.Accept, 0);
        var ticket = Commit();
        _broker.Lose(_partition, KafkaException.Of(ErrorCode.NotLeaderOrFollower, null, "t-0"));
        Assert.True(ticket.Done.IsCompleted);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, ticket.Outcomes[_partition.Where].Error!.Code);
        Assert.Equal((0, RecordStage.Lost), (_broker.Held, batch[1].Stage));
    }

    [Fact]
    public void What_is_lost_while_a_request_is_under_way_leaves_those_who_wait_for_that_waiting()
    {
        var batch = Admit(0, 1);
        Say(batch, Acknowledgement.Accept, 0);
        var sent = _broker.Take(0);
        Say(batch, Acknowledgement.Accept, 1);
        var ticket = Commit();
        _broker.Lose(_partition, KafkaException.Of(ErrorCode.NotLeaderOrFollower, null, "t-0"));
        Assert.False(ticket.Done.IsCompleted);
        _broker.Settle(sent, _partition, null, 0);
        _broker.Over();
        Assert.True(ticket.Done.IsCompleted);
    }

    [Fact]
    public void What_nobody_has_seen_goes_back_when_the_partition_does()
    {
        var batch = Admit(0, 1, 2);
        batch[1].Stage = RecordStage.Given;
        _broker.ReleaseWaiting(_partition, 0);
        Assert.Equal(["0-0=2", "2-2=2"], _broker.Take(0).Merged(_partition).Select(static span => $"{span.First}-{span.Last}={span.Type}"));
        Assert.Equal(1, _broker.Held);
    }

    private CommitTicket Commit()
    {
        var ticket = new CommitTicket();
        _broker.Await(ticket);
        ticket.Settle();
        return ticket;
    }

    private AcquiredBatch Admit(params long[] offsets)
    {
        var batch = new AcquiredBatch(_partition, new FetchedBatch(), [.. offsets.Select(static offset => new AcquiredRecord { Offset = offset, DeliveryCount = 1 })]) { Held = offsets.Length };
        _broker.Admit(batch);
        return batch;
    }

    private void Say(AcquiredBatch batch, Acknowledgement type, params int[] places)
    {
        foreach (var place in places) _broker.Acknowledge(batch, place, type, 0);
    }
}
