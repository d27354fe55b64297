using Moldau.Client.Connections;
using Moldau.Client.Fetching;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Sharing;

/// <summary>
/// What a share consumer reads, what brokers have given it and what waits to be given out. It has the one lock; the application comes in
/// on one side, the lanes to the brokers on the other.
/// </summary>
internal sealed class ShareTable(ShareConsumerOptions options, KafkaClientOptions client, BackOff backOff)
{
    private readonly Lock _gate = new();
    private readonly long _started = client.Clock.GetTimestamp();
    private readonly Dictionary<TopicPartition, SharePartition> _partitions = [];
    private readonly Dictionary<int, BrokerShare> _brokers = [];
    private readonly Queue<AcquiredBatch> _ready = new();
    private readonly Queue<KafkaException> _failures = new();
    private KafkaException? _fatal;
    private bool _isRead;
    private bool _isEnding;
    private long _lockMs = long.MaxValue;

    /// <summary>Rung when there is something for the reader.</summary>
    public Bell Ready { get; } = new(client.Clock);

    public SpareBatches Spare { get; } = new();

    /// <summary>Told that partitions have no leader that is known to be right.</summary>
    public Action? Misplaced { get; set; }

    /// <summary>How long a record is this consumer's alone, as brokers say; null before the first has.</summary>
    public TimeSpan? LockTime => Volatile.Read(ref _lockMs) is var ms && ms == long.MaxValue ? null : TimeSpan.FromMilliseconds(ms);

    public long Now => (long)client.Clock.GetElapsedTime(_started).TotalMilliseconds;

    public bool IsEnding
    {
        get
        {
            lock (_gate) return _isEnding;
        }
    }

    public List<TopicPartition> Partitions()
    {
        lock (_gate) return Groups.PartitionOrder.Sorted(_partitions.Keys);
    }

    public void Assign(IReadOnlyCollection<TopicPartition> gained)
    {
        lock (_gate)
        {
            foreach (var where in gained) _partitions.TryAdd(where, new SharePartition(where));
        }

        Misplaced?.Invoke();
    }

    /// <summary>The coordinator wants others to read these: what nobody has seen of them goes back, the rest may still be acknowledged.</summary>
    public void Remove(IReadOnlyCollection<TopicPartition> gone)
    {
        lock (_gate)
        {
            foreach (var where in gone)
            {
                if (!_partitions.Remove(where, out var partition)) continue;
                foreach (var broker in _brokers.Values) broker.ReleaseWaiting(partition, Now);
            }
        }

        RingAll();
    }

    public BrokerShare Broker(int node)
    {
        lock (_gate)
        {
            if (!_brokers.TryGetValue(node, out var broker)) _brokers[node] = broker = new BrokerShare(node, client.Clock);
            return broker;
        }
    }

    /// <summary>Who leads what; acknowledgements of what has moved are lost, as they are nobody's whom the old leader could tell.</summary>
    /// <param name="cluster">What is known.</param>
    /// <param name="nodes">Gets the brokers that are read from.</param>
    /// <returns>Whether a partition has no leader.</returns>
    public bool Learn(ClusterSnapshot cluster, HashSet<int> nodes)
    {
        var isMissing = false;
        lock (_gate)
        {
            foreach (var (where, known) in new List<KeyValuePair<TopicPartition, SharePartition>>(_partitions))
            {
                var partition = known;
                var topic = cluster.Topics.GetValueOrDefault(where.Topic);
                if (topic is null || cluster.Find(where) is not { } info || topic.Id.IsZero)
                {
                    Point(partition, -1, partition.LeaderEpoch);
                    isMissing = true;
                    continue;
                }

                if (!partition.TopicId.IsZero && partition.TopicId != topic.Id)
                {
                    // Another topic of the same name.
                    Point(partition, -1, -1);
                    _partitions[where] = partition = new SharePartition(where);
                }

                partition.TopicId = topic.Id;
                if (info.LeaderEpoch >= partition.LeaderEpoch) Point(partition, info.Leader, info.LeaderEpoch);
                if (partition.Leader >= 0) nodes.Add(partition.Leader);
                else isMissing = true;
            }
        }

        RingAll();
        return isMissing;
    }

    /// <summary>A broker that is not the leader named who is.</summary>
    public void Learn(SharePartition partition, int leader, int epoch)
    {
        lock (_gate)
        {
            if (epoch > partition.LeaderEpoch) Point(partition, leader, epoch);
        }

        Misplaced?.Invoke();
    }

    /// <summary>What a broker is asked or told next.</summary>
    /// <param name="broker">Which.</param>
    /// <param name="targets">Gets what is to be read from it.</param>
    public ShareTurn Plan(BrokerShare broker, List<SharePartition> targets)
    {
        lock (_gate)
        {
            var now = Now;
            broker.Expire(now, _lockMs);
            targets.Clear();
            var leaders = new HashSet<int>();
            var due = long.MaxValue;
            foreach (var partition in _partitions.Values)
            {
                if (partition.Leader >= 0) leaders.Add(partition.Leader);
                if (partition.Leader != broker.Node) continue;
                if (partition.RetryAt > now) due = Math.Min(due, partition.RetryAt);
                else targets.Add(partition);
            }

            var told = !broker.Queue.IsEmpty;
            if (now < broker.RetryAt) return Wait(broker.RetryAt, now);
            if (told && !broker.Session.IsOpen)
            {
                // It can be told of records only in a session, and a session begins by asking for some.
                if (targets.Count > 0) return new ShareTurn(ShareWork.Fetch, 1, null);
                broker.Lose(null, KafkaException.Of(ErrorCode.ShareSessionNotFound, null, $"broker {broker.Node}"));
                told = false;
            }

            var share = Math.Max(1, options.MaxRecords / Math.Max(1, leaders.Count));
            var canFetch = _isRead && targets.Count > 0 && broker.Held <= share / 2;
            if (told && broker.Queue.HasRenewals) return new ShareTurn(ShareWork.Acknowledge, 0, null);
            if (canFetch) return new ShareTurn(ShareWork.Fetch, share - broker.Held, null);
            if (!told) return Wait(Math.Min(due, broker.ExpiresAt(_lockMs)), now);
            var sendAt = broker.Queue.Since + (long)options.AcknowledgeInterval.TotalMilliseconds;
            return broker.IsUrgent || now >= sendAt ? new ShareTurn(ShareWork.Acknowledge, 0, null) : Wait(Math.Min(due, sendAt), now);
        }
    }

    /// <summary>A request begins, and takes along what is queued.</summary>
    /// <param name="broker">To whom.</param>
    /// <param name="renews">Whether it knows renewals.</param>
    public SentAcknowledgements Take(BrokerShare broker, bool renews)
    {
        lock (_gate)
        {
            broker.Renews = renews;
            // One that opens a session tells nothing.
            return broker.Session.IsOpen ? broker.Take(Now) : SentAcknowledgements.None;
        }
    }

    /// <summary>What an answer says of a partition's acknowledgements.</summary>
    public void Settle(BrokerShare broker, SentAcknowledgements sent, SharePartition partition, KafkaException? error)
    {
        lock (_gate) broker.Settle(sent, partition, error, Now);
    }

    /// <summary>The request is over.</summary>
    public void Over(BrokerShare broker)
    {
        lock (_gate)
        {
            broker.Over();
            if (!broker.Queue.IsEmpty) broker.Bell.Ring();
        }

        Tell();
    }

    /// <summary>What was acquired of a partition.</summary>
    public void Admit(BrokerShare broker, SharePartition partition, AcquiredDecoder acquired)
    {
        lock (_gate)
        {
            var now = Now;
            partition.Failures = 0;
            var isWanted = _partitions.GetValueOrDefault(partition.Where) == partition && !_isEnding;
            foreach (var gap in acquired.Gaps) broker.Queue.Add(partition, gap, now);
            foreach (var unread in acquired.Unread) broker.Queue.Add(partition, unread, now);
            foreach (var batch in acquired.Batches)
            {
                broker.Admit(batch);
                if (isWanted) _ready.Enqueue(batch);
                else Done(batch);
            }

            if (!isWanted) broker.ReleaseWaiting(partition, now);
            if (acquired.Failure is not null) _failures.Enqueue(acquired.Failure);
        }

        Ready.Ring();
    }

    /// <summary>A broker says how long its locks last.</summary>
    public void Learn(int lockMs)
    {
        if (lockMs > 0) Volatile.Write(ref _lockMs, lockMs);
    }

    /// <summary>A partition cannot be read there now.</summary>
    public void Failed(BrokerShare broker, SharePartition partition, KafkaException failure)
    {
        var meaning = PositionRules.Of(failure.Code, isFollower: false);
        lock (_gate)
        {
            partition.RetryAt = Now + Pause(++partition.Failures);
            if (meaning == FetchMeaning.Elsewhere && partition.Leader == broker.Node) Point(partition, -1, partition.LeaderEpoch);
            else if (meaning is not (FetchMeaning.Elsewhere or FetchMeaning.Again)) _failures.Enqueue(failure);
        }

        if (meaning == FetchMeaning.Elsewhere) Misplaced?.Invoke();
        Ready.Ring();
    }

    /// <summary>A broker cannot be asked now, or took nothing of what it was asked.</summary>
    /// <param name="broker">Which.</param>
    /// <param name="sent">What it was to hear.</param>
    /// <param name="failure">Why not.</param>
    /// <param name="losesAll">Whether what it gave is another's by now.</param>
    public void Failed(BrokerShare broker, SentAcknowledgements sent, KafkaException failure, bool losesAll)
    {
        lock (_gate)
        {
            broker.Session.Reset();
            broker.RetryAt = Now + Pause(++broker.Failures);
            foreach (var partition in sent.Partitions) broker.Settle(sent, partition, failure, Now);
            if (losesAll) broker.Lose(null, failure);
            if (failure is { IsTransient: false }) _failures.Enqueue(failure);
        }

        if (Retries.IsStaleness(failure.Code)) Misplaced?.Invoke();
        Ready.Ring();
    }

    /// <summary>What a broker was asked, it has answered.</summary>
    public void Recovered(BrokerShare broker, int throttleMs)
    {
        lock (_gate)
        {
            broker.Session.Took();
            broker.Failures = 0;
            broker.RetryAt = throttleMs > 0 ? Now + throttleMs : 0;
        }
    }

    /// <summary>Somebody reads, or nobody does: then nothing is asked for.</summary>
    public void Read(bool isRead)
    {
        lock (_gate) _isRead = isRead;
        if (isRead) RingAll();
    }

    /// <summary>The next batch of which somebody may have a record; null where there is none. Whoever has it releases it with <see cref="Done"/>.</summary>
    /// <exception cref="KafkaException">Something cannot be read.</exception>
    public AcquiredBatch? TryTake()
    {
        lock (_gate)
        {
            if (_fatal is not null) throw _fatal;
            if (_failures.TryDequeue(out var failure)) throw failure;
            return _ready.TryDequeue(out var batch) ? batch : null;
        }
    }

    /// <summary>It was read not to its end: the rest is given out next.</summary>
    public void PutBack(AcquiredBatch batch)
    {
        lock (_gate)
        {
            var behind = _ready.ToArray();
            _ready.Clear();
            _ready.Enqueue(batch);
            foreach (var one in behind) _ready.Enqueue(one);
        }
    }

    /// <summary>Gives the next record of a batch out.</summary>
    /// <returns>Its place; -1 where there is none.</returns>
    public int Give(AcquiredBatch batch)
    {
        lock (_gate)
        {
            var now = Now;
            while (batch.Next < batch.Count)
            {
                ref var record = ref batch[batch.Next++];
                // What is over by now may be with somebody else.
                if (record.Stage != RecordStage.Waiting || now - record.LockedAt >= _lockMs) continue;
                record.Stage = RecordStage.Given;
                return batch.Next - 1;
            }

            return -1;
        }
    }

    /// <summary>Renews the locks that began so long ago, where brokers know renewals.</summary>
    public void RenewOlderThan(long ms)
    {
        lock (_gate)
        {
            var now = Now;
            foreach (var broker in _brokers.Values) broker.RenewOlderThan(now, ms);
        }

        RingAll();
    }

    /// <summary>The application says what becomes of a record.</summary>
    /// <exception cref="InvalidOperationException">It has said so already.</exception>
    public void Acknowledge(AcquiredBatch batch, int place, Acknowledgement type)
    {
        bool isRefused;
        lock (_gate)
        {
            batch.Broker.Acknowledge(batch, place, type, Now);
            isRefused = batch.Broker.Told.Count > 0;
        }

        batch.Broker.Bell.Ring();
        if (isRefused) Tell();
    }

    /// <summary>The same, of a record of which nothing was said yet; of others nothing is.</summary>
    public void AcknowledgeIfGiven(AcquiredBatch batch, int place, Acknowledgement type)
    {
        lock (_gate)
        {
            if (batch[place].Stage != RecordStage.Given) return;
            batch.Broker.Acknowledge(batch, place, type, Now);
        }

        batch.Broker.Bell.Ring();
    }

    /// <summary>One reads a batch no more.</summary>
    public void Done(AcquiredBatch batch)
    {
        if (batch.Release()) Spare.Return(batch.Batch);
    }

    /// <summary>Has everything sent that is acknowledged.</summary>
    public CommitTicket Commit()
    {
        var ticket = new CommitTicket();
        lock (_gate)
        {
            foreach (var broker in _brokers.Values) broker.Await(ticket);
            ticket.Settle();
        }

        RingAll();
        return ticket;
    }

    /// <summary>Nothing is read any more; what is acknowledged still goes out.</summary>
    public void End()
    {
        lock (_gate) (_isEnding, _isRead) = (true, false);
        RingAll();
        Ready.Ring();
    }

    /// <summary>It can never be read again.</summary>
    public void Fail(KafkaException failure)
    {
        lock (_gate) _fatal ??= failure;
        Ready.Ring();
    }

    /// <summary>Something threw that should not.</summary>
    public void Broken(Exception bug) =>
        Fail(new KafkaException(ErrorCode.UnknownServerError, $"reading broke: {bug.Message}", null, bug) { IsTransient = false, IsFatal = true });

    /// <summary>Tells the application what became of its acknowledgements. What it throws ends the reading.</summary>
    public void Tell()
    {
        if (options.OnAcknowledged is not { } hear)
        {
            lock (_gate)
            {
                foreach (var broker in _brokers.Values) broker.Told.Clear();
            }

            return;
        }

        var told = new List<AcknowledgedRecords>();
        lock (_gate)
        {
            foreach (var broker in _brokers.Values)
            {
                while (broker.Told.TryDequeue(out var one)) told.Add(one);
            }
        }

        try
        {
            foreach (var one in told) hear(one);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Fail(new KafkaException(ErrorCode.UnknownServerError, $"OnAcknowledged failed: {failure.Message}", $"group '{options.GroupId}'", failure) { IsTransient = false, IsFatal = true });
        }
    }

    private static ShareTurn Wait(long until, long now) =>
        new(ShareWork.Nothing, 0, until == long.MaxValue ? null : TimeSpan.FromMilliseconds(Math.Max(1, until - now)));

    private long Pause(int failures) => (long)backOff.After(failures).TotalMilliseconds;

    private void Point(SharePartition partition, int leader, int epoch)
    {
        if (partition.Leader >= 0 && partition.Leader != leader && _brokers.TryGetValue(partition.Leader, out var before))
            before.Lose(partition, KafkaException.Of(ErrorCode.NotLeaderOrFollower, null, partition.Where.ToString()));
        // One that is led anew is asked at once; who only repeats himself is not believed sooner.
        if (epoch > partition.LeaderEpoch) partition.RetryAt = 0;
        (partition.Leader, partition.LeaderEpoch) = (leader, epoch);
    }

    private void RingAll()
    {
        lock (_gate)
        {
            foreach (var broker in _brokers.Values) broker.Bell.Ring();
        }
    }
}
