using Moldau.Client.Fetching;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Sharing;

/// <summary>
/// What one broker has given this consumer, and what it is to hear of that. It decides and does nothing else; guarded by the lock of
/// the <see cref="ShareTable"/>.
/// </summary>
internal sealed class BrokerShare(int node, TimeProvider clock)
{
    private readonly List<AcquiredBatch> _batches = [];
    private readonly List<(CommitTicket Ticket, long Until)> _tickets = [];
    private long _taken;
    private long _settled;
    private bool _isUnderWay;

    public int Node => node;

    public Bell Bell { get; } = new(clock);

    public ShareSession Session { get; } = new();

    public Acknowledgements Queue { get; } = new();

    /// <summary>Records that are neither acknowledged nor lost.</summary>
    public int Held { get; private set; }

    /// <summary>Whether it knows renewals; nobody has asked it yet where it is null.</summary>
    public bool? Renews { get; set; }

    /// <summary>Somebody waits for what is queued.</summary>
    public bool IsUrgent { get; private set; }

    public int Failures { get; set; }

    public long RetryAt { get; set; }

    /// <summary>What became of acknowledgements and was not told yet.</summary>
    public Queue<AcknowledgedRecords> Told { get; } = new();

    /// <summary>It gave these.</summary>
    public void Admit(AcquiredBatch batch)
    {
        batch.Broker = this;
        Held += batch.Held;
        _batches.Add(batch);
    }

    /// <summary>The application says what becomes of a record.</summary>
    /// <exception cref="InvalidOperationException">It has said so already.</exception>
    public void Acknowledge(AcquiredBatch batch, int place, Acknowledgement type, long now)
    {
        ref var record = ref batch[place];
        var offset = batch.OffsetOf(place);
        if (record.Stage == RecordStage.Acknowledged)
            throw new InvalidOperationException($"{batch.Partition.Where}@{offset} was acknowledged already; what was said of a record cannot be changed");
        if (record.Stage == RecordStage.Lost)
        {
            record.Stage = RecordStage.Acknowledged;
            Refuse(batch.Partition, new AcknowledgedRange(offset, offset, type), KafkaException.Of(
                ErrorCode.InvalidRecordState, "the record's lock was over, or its broker is another's by now, before it was acknowledged; it may come again", batch.Partition.Where.ToString()));
            return;
        }

        if (type == Acknowledgement.Renew)
        {
            if (record.IsRenewing) return;
            record.IsRenewing = true;
        }
        else
        {
            if (record.IsRenewing) Queue.TakeBackRenewal(batch.Partition, offset);
            End(batch, ref record, RecordStage.Acknowledged);
        }

        Queue.Add(batch.Partition, new AcknowledgedSpan(offset, offset, (sbyte)type, batch, place), now);
    }

    /// <summary>Locks that must be over by now are: the broker gives their records to others.</summary>
    public void Expire(long now, long lockMs)
    {
        for (var i = _batches.Count - 1; i >= 0; i--)
        {
            var batch = _batches[i];
            for (var place = 0; place < batch.Count; place++)
            {
                ref var record = ref batch[place];
                if (IsHeld(record) && !record.IsRenewing && now - record.LockedAt >= lockMs) End(batch, ref record, RecordStage.Lost);
            }

            if (batch.Held == 0) _batches.RemoveAt(i);
        }
    }

    /// <summary>When the first lock is over; <see cref="long.MaxValue"/> where nothing is held.</summary>
    public long ExpiresAt(long lockMs)
    {
        var first = long.MaxValue;
        foreach (var batch in _batches)
        {
            for (var place = 0; place < batch.Count; place++)
            {
                if (IsHeld(batch[place]) && !batch[place].IsRenewing) first = Math.Min(first, batch[place].LockedAt + lockMs);
            }
        }

        return first;
    }

    /// <summary>Renews the locks that began so long ago, where it knows renewals.</summary>
    public void RenewOlderThan(long now, long ms)
    {
        if (Renews == false) return;
        foreach (var batch in _batches)
        {
            for (var place = 0; place < batch.Count; place++)
            {
                if (IsHeld(batch[place]) && now - batch[place].LockedAt >= ms) Acknowledge(batch, place, Acknowledgement.Renew, now);
            }
        }
    }

    /// <summary>The broker is to be told nothing more of a partition, or of any: what it gave is another's.</summary>
    public void Lose(SharePartition? partition, KafkaException why)
    {
        foreach (var batch in _batches)
        {
            if (partition is not null && batch.Partition != partition) continue;
            for (var place = 0; place < batch.Count; place++)
            {
                if (IsHeld(batch[place])) End(batch, ref batch[place], RecordStage.Lost);
            }
        }

        _batches.RemoveAll(static batch => batch.Held == 0);
        var queued = partition is null ? Queue.Take() : Queue.Take(partition);
        if (queued.IsEmpty) return;
        foreach (var one in queued.Partitions) Settle(queued, one, why, 0);
        if (!Queue.IsEmpty) return;
        // No request will take it along.
        _taken++;
        if (!_isUnderWay) Over();
    }

    /// <summary>What nobody has seen of a partition goes back.</summary>
    public void ReleaseWaiting(SharePartition partition, long now)
    {
        foreach (var batch in _batches)
        {
            if (batch.Partition != partition) continue;
            for (var place = 0; place < batch.Count; place++)
            {
                if (batch[place].Stage == RecordStage.Waiting) Acknowledge(batch, place, Acknowledgement.Release, now);
            }
        }
    }

    /// <summary>Everything that is queued, for a request that ends with <see cref="Over"/>.</summary>
    public SentAcknowledgements Take(long now)
    {
        if (!Queue.IsEmpty) _taken++;
        (IsUrgent, _isUnderWay) = (false, true);
        if (Renews == false && Queue.HasRenewals)
        {
            var renewals = Queue.TakeRenewals();
            foreach (var partition in renewals.Partitions)
            {
                Settle(renewals, partition, KafkaException.Of(
                    ErrorCode.UnsupportedVersion, "the broker is too old to renew locks, which came with Kafka 4.2", partition.Where.ToString()), now);
            }
        }

        return Queue.Take();
    }

    /// <summary>What became of what was told of a partition.</summary>
    public void Settle(SentAcknowledgements sent, SharePartition partition, KafkaException? error, long now)
    {
        foreach (var span in sent.Of(partition))
        {
            if (!span.IsRenewal) continue;
            ref var record = ref span.Batch![span.Place];
            record.IsRenewing = false;
            if (error is null) record.LockedAt = now;
            else if (error.Code == ErrorCode.InvalidRecordState && IsHeld(record)) End(span.Batch, ref record, RecordStage.Lost);
        }

        if (sent.Tell(partition, error) is { } told) Add(told);
    }

    /// <summary>The request that was under way is over.</summary>
    public void Over()
    {
        (_settled, _isUnderWay) = (_taken, false);
        for (var i = _tickets.Count - 1; i >= 0; i--)
        {
            var (ticket, until) = _tickets[i];
            if (until > _settled) continue;
            _tickets.RemoveAt(i);
            ticket.Waiting--;
            ticket.Settle();
        }
    }

    /// <summary>Somebody waits for everything that is queued or under way.</summary>
    public void Await(CommitTicket ticket)
    {
        var until = Queue.IsEmpty ? _taken : _taken + 1;
        if (until == _settled) return;
        ticket.Waiting++;
        _tickets.Add((ticket, until));
        IsUrgent = !Queue.IsEmpty;
    }

    private static bool IsHeld(in AcquiredRecord record) => record.Stage is RecordStage.Waiting or RecordStage.Given;

    private void End(AcquiredBatch batch, ref AcquiredRecord record, RecordStage stage)
    {
        record.Stage = stage;
        Held--;
        batch.Held--;
    }

    private void Refuse(SharePartition partition, AcknowledgedRange range, KafkaException error) => Add(new AcknowledgedRecords(partition.Where, [range], error));

    private void Add(AcknowledgedRecords told)
    {
        Told.Enqueue(told);
        foreach (var (ticket, _) in _tickets) ticket.Add(told);
    }
}
