using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Client.Seams;
using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>
/// The records of one partition on their way out. Callers append to its open batch under its lock; what is sent, when, and what became of it
/// is the affair of the delivery loop alone, and so is everything below that names the loop.
/// </summary>
internal sealed class PartitionQueue(TopicPartition where, ProducerOptions options, BatchPool batches, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Queue<OutgoingBatch> _closed = new();
    private readonly List<OutgoingBatch> _live = [];
    private readonly long _lingerTicks = clock.TicksOf(options.Linger);
    private readonly RecordTime _time = new(clock);
    private OutgoingBatch? _open;
    private KafkaException? _end;
    private long _delivered;
    private long _lost;
    private KafkaException? _firstLoss;
    private int _waiting;
    private int _isNoted;
    private long _blockedSince;
    private long _turnBytes;

    public TopicPartition Where { get; } = where;

    /// <summary>The loop's: what was sent and not confirmed.</summary>
    public PartitionOrder<OutgoingBatch> Order { get; } = new(options.MostUnderWay, options.IsIdempotent, options.TransactionalId is null);

    /// <summary>The loop's: whether it looks at this partition in each of its rounds.</summary>
    public bool IsActive { get; set; }

    /// <summary>The loop's: the lane its batches under way were given to.</summary>
    public BrokerLane? SentTo { get; set; }

    /// <summary>The loop's: what said that somebody leads it who does not.</summary>
    public ClusterSnapshot? Doubted { get; set; }

    /// <summary>The loop's: the leader that another broker named, and its epoch; -1 for nobody.</summary>
    public (int Node, int Epoch) Hint { get; set; } = (-1, -1);

    /// <summary>The loop's: the clock's timestamp since when the cluster knows nothing of it; -1 while it does.</summary>
    public long MissingSince { get; set; } = -1;

    /// <summary>Batches that were never sent.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The clock's timestamp since when it has something that cannot be sent; 0 where it has not.</summary>
    public long BlockedSince
    {
        get => Volatile.Read(ref _blockedSince);
        set => Volatile.Write(ref _blockedSince, value);
    }

    /// <summary>Whether the loop has to be told of what was appended since it looked; told once until then.</summary>
    public bool Note() => Interlocked.Exchange(ref _isNoted, 1) == 0;

    public void Unnote() => Volatile.Write(ref _isNoted, 0);

    /// <param name="timestamp">The time of now where it is null.</param>
    /// <param name="key">Its key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="size">Its bytes, at most.</param>
    /// <param name="hasTurn">Whether it came here because it was this partition's turn.</param>
    /// <param name="waiter">Who waits for it.</param>
    /// <exception cref="KafkaException">The producer is closed.</exception>
    public AppendResult Append(DateTimeOffset? timestamp, OptionalBytes key, OptionalBytes value, ReadOnlySpan<RecordHeader> headers, int size, bool hasTurn, AckSource? waiter)
    {
        lock (_gate)
        {
            if (_end is not null) throw _end;
            var result = AppendResult.None;
            if (_open is { } full && full.Size + size > options.BatchBytes)
            {
                Close();
                result |= AppendResult.Closed;
            }

            if (_open is not { } open)
            {
                _open = open = batches.Rent(clock.GetTimestamp());
                _live.Add(open);
                result |= AppendResult.Begun;
            }

            var before = open.Size;
            var time = timestamp is { } given ? given.ToUnixTimeMilliseconds() : open.Count == 0 ? _time.Ask() : _time.AskRoughly();
            open.Add(time, key, value, headers, size, waiter);
            // Not when the next one finds no room: that may be much later, and who is as large as this one would find none.
            if (open.Size + size > options.BatchBytes)
            {
                Close();
                result |= AppendResult.Closed;
            }

            return hasTurn && IsTurnOver(open.Size - before, size, result) ? result | AppendResult.TurnIsOver : result;
        }
    }

    // A batch's worth, and then until a batch is full: turns that end anywhere leave batches behind that wait for their linger.
    private bool IsTurnOver(int appended, int size, AppendResult result)
    {
        _turnBytes += appended;
        var most = (result & AppendResult.Closed) != 0 ? options.BatchBytes : 2L * options.BatchBytes;
        if (_turnBytes + size <= most) return false;
        _turnBytes = 0;
        return true;
    }

    /// <summary>Closes the open batch, and gives a ticket to each that is not through.</summary>
    public void Flush(FlushTicket ticket)
    {
        lock (_gate)
        {
            if (_open is not null) Close();
            foreach (var batch in _live) batch.Give(ticket);
        }
    }

    /// <summary>What became of the records since the last call.</summary>
    public (long Delivered, DeliverySummary.Loss? Loss) TakeCounts()
    {
        lock (_gate)
        {
            var counts = (_delivered, _lost == 0 ? null : new DeliverySummary.Loss(Where, _lost, _firstLoss!));
            (_delivered, _lost, _firstLoss) = (0, 0, null);
            return counts;
        }
    }

    /// <summary>The loop's: the next batch that was never sent, and when it is to be.</summary>
    /// <returns>Null where there is none.</returns>
    public (OutgoingBatch Batch, long Due)? Next()
    {
        lock (_gate)
        {
            if (_closed.TryPeek(out var closed)) return (closed, closed.OpenedAt);
            return _open is { } open ? (open, open.OpenedAt + _lingerTicks) : null;
        }
    }

    /// <summary>The loop's: takes what <see cref="Next"/> has shown; nothing is appended to it any more.</summary>
    public void Take(OutgoingBatch batch)
    {
        lock (_gate)
        {
            // It may have been closed in between.
            if (_open == batch) Close();
            _closed.Dequeue();
            Volatile.Write(ref _waiting, _closed.Count);
        }
    }

    /// <summary>The loop's: it was confirmed.</summary>
    public void Succeed(OutgoingBatch batch, long offset)
    {
        lock (_gate)
        {
            _live.Remove(batch);
            _delivered += batch.Count;
        }

        batch.Succeed(Where, offset);
    }

    /// <summary>The loop's: it will not be.</summary>
    public void Lose(OutgoingBatch batch, KafkaException error)
    {
        lock (_gate)
        {
            _live.Remove(batch);
            _lost += batch.Count;
            _firstLoss ??= error;
        }

        batch.Fail(error);
    }

    /// <summary>The loop's: two halves take its place.</summary>
    public void Split(OutgoingBatch batch)
    {
        lock (_gate)
        {
            var (first, second) = (batches.Rent(batch.OpenedAt), batches.Rent(batch.OpenedAt));
            batch.Split(first, second);
            var place = _live.IndexOf(batch);
            _live.RemoveAt(place);
            _live.InsertRange(place, [first, second]);
            Order.Replace(batch, [first, second]);
        }
    }

    /// <summary>Whether nothing of it is left, sent or not.</summary>
    public bool IsEmpty()
    {
        lock (_gate) return _live.Count == 0;
    }

    /// <summary>Takes nothing any more.</summary>
    public void End(KafkaException reason)
    {
        lock (_gate) _end = reason;
    }

    private void Close()
    {
        _closed.Enqueue(_open!);
        _open = null;
        Volatile.Write(ref _waiting, _closed.Count);
    }
}
