using Moldau.Client.Connections;
using Moldau.Client.Producing.Transactions;
using Moldau.Client.Telemetry;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>
/// Writes records to any topics: gathers them into batches by partition and sends those to the leaders. Safe for many callers at once; the
/// order in which one of them writes to a partition is kept.
/// </summary>
public sealed class Producer : IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly ProducerOptions _options;
    private readonly BufferRoom _room;
    private readonly BatchPool _batches;
    private readonly TopicTable _topics;
    private readonly DeliveryLoop _delivery;
    private readonly TransactionSession? _transactions;
    private readonly AckPool _acks = new();
    private readonly CancellationTokenSource _closing = new();
    private int _isClosed;

    internal Producer(ClientCore core, ProducerOptions options)
    {
        options.Check();
        _core = core;
        _options = options;
        _room = new BufferRoom(options.BufferBytes);
        core.Figures.Producing.Begin(_room);
        core.Figures.Label("transactional_id", options.TransactionalId);
        _batches = new BatchPool(options);
        _topics = new TopicTable(core, options, _batches);
        _transactions = options.TransactionalId is null ? null : new TransactionSession(core, options);
        _delivery = new DeliveryLoop(core, options, _transactions, _room, _batches);
    }

    /// <summary>Hands a record over; waits only for room. What became of it is told by <see cref="FlushAsync"/>.</summary>
    /// <exception cref="KafkaException">The topic is not there, or cannot be asked about; or the record is too large.</exception>
    public ValueTask EnqueueAsync(string topic, in OutgoingRecord record, CancellationToken cancellation = default)
    {
        return Add(_topics.Of(topic), record, record.Key.Bytes, record.Value.Bytes, null, cancellation);
    }

    /// <summary>Writes a record and waits until it is confirmed. The task is to be awaited once, as each of its kind.</summary>
    /// <exception cref="KafkaException">It was not.</exception>
    public ValueTask<RecordAck> SendAsync(string topic, in OutgoingRecord record, CancellationToken cancellation = default)
    {
        var waiter = _acks.Rent();
        var added = Add(_topics.Of(topic), record, record.Key.Bytes, record.Value.Bytes, waiter, cancellation);
        return added.IsCompletedSuccessfully && !cancellation.CanBeCanceled ? waiter.Task : WaitAsync(added, waiter, cancellation);
    }

    /// <summary>Waits until everything handed over before was confirmed or lost.</summary>
    public async Task<DeliverySummary> FlushAsync(CancellationToken cancellation = default)
    {
        await FlushAllAsync().WaitAsync(cancellation).ConfigureAwait(false);
        var delivered = 0L;
        var lost = new List<DeliverySummary.Loss>();
        foreach (var queue in _topics.All())
        {
            var (some, loss) = queue.TakeCounts();
            delivered += some;
            if (loss is not null) lost.Add(loss);
        }

        return new DeliverySummary(delivered, lost);
    }

    /// <summary>Begins a transaction; everything written until it ends belongs to it. The first one fences whoever had the transactional id before.</summary>
    /// <exception cref="InvalidOperationException">There is no <see cref="ProducerOptions.TransactionalId"/>, or another transaction is open.</exception>
    /// <exception cref="ProducerFencedException">Another producer has taken the transactional id over.</exception>
    public async Task<Transaction> BeginAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed) != 0, this);
        if (_transactions is null) throw new InvalidOperationException("the producer has no TransactionalId; give its options one");
        await _transactions.BeginAsync(cancellation).ConfigureAwait(false);
        return new Transaction(_transactions, FlushAllAsync, _core.Options);
    }

    /// <summary>Sends what is left, for as long as <see cref="KafkaClientOptions.CloseTimeout"/>; then the rest is lost, and whoever waits for it is told.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        var closed = Closed();
        _room.End(closed);
        try
        {
            await FlushAllAsync().WaitAsync(_core.Options.CloseTimeout, _core.Options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Told to whoever waits for a record; a summary was there to be asked for.
        }

        // Before the queues are listed: whoever finds his topic later sees it.
        await _closing.CancelAsync().ConfigureAwait(false);
        foreach (var queue in _topics.All()) queue.End(closed);
        await _delivery.DisposeAsync().ConfigureAwait(false);
        _batches.Dispose();
        _core.Figures.Producing.End(_room);
    }

    /// <summary>The same for bytes that are the caller's again when this returns.</summary>
    internal ValueTask Add(TopicQueues topic, in OutgoingRecord record, OptionalBytes key, OptionalBytes value, AckSource? waiter, CancellationToken cancellation) =>
        ClientSpans.IsOn ? AddTraced(topic, record, key, value, waiter, cancellation) : AddPlainly(topic, record, key, value, waiter, cancellation);

    private ValueTask AddTraced(TopicQueues topic, in OutgoingRecord record, OptionalBytes key, OptionalBytes value, AckSource? waiter, CancellationToken cancellation)
    {
        var headers = record.Headers;
        var span = _core.Spans.BeginSend(topic.Name, HasTextKeys ? key : OptionalBytes.Null, value, ref headers);
        var traced = record with { Headers = headers };
        if (span is null) return AddPlainly(topic, traced, key, value, waiter, cancellation);
        // A record that nobody waits for has a waiter for its span's sake.
        waiter ??= _acks.Rent();
        waiter.Span = span;
        var added = AddPlainly(topic, traced, key, value, waiter, cancellation);
        return added.IsCompletedSuccessfully ? added : RefuseTracedAsync(added, span);
    }

    private static async ValueTask RefuseTracedAsync(ValueTask added, SendSpan span)
    {
        try
        {
            await added.ConfigureAwait(false);
        }
        catch (Exception refused)
        {
            span.Fail(refused);
            throw;
        }
    }

    private ValueTask AddPlainly(TopicQueues topic, in OutgoingRecord record, OptionalBytes key, OptionalBytes value, AckSource? waiter, CancellationToken cancellation)
    {
        try
        {
            if (TryAdd(topic, record, key, value, waiter)) return ValueTask.CompletedTask;
        }
        catch (Exception refused) when (refused is KafkaException or ObjectDisposedException)
        {
            return ValueTask.FromException(refused);
        }

        var copy = record with { Key = CopyOf(key), Value = CopyOf(value) };
        return AddSlowlyAsync(topic, copy, waiter, cancellation);
    }

    /// <summary>Whether keys are texts, which spans may show.</summary>
    internal bool HasTextKeys { get; init; }

    internal AckSource RentWaiter() => _acks.Rent();

    internal TopicQueues QueuesOf(string topic) => _topics.Of(topic);

    internal static async ValueTask<RecordAck> WaitAsync(ValueTask added, AckSource waiter, CancellationToken cancellation)
    {
        await added.ConfigureAwait(false);
        return cancellation.CanBeCanceled ? await waiter.Task.AsTask().WaitAsync(cancellation).ConfigureAwait(false) : await waiter.Task.ConfigureAwait(false);
    }

    private static KafkaException Closed() => new(ErrorCode.NetworkException, "the producer is closed") { IsTransient = false, IsFatal = true };

    private static RecordBytes CopyOf(OptionalBytes bytes) => bytes.IsNull ? null : bytes.Span.ToArray();

    private async Task FlushAllAsync()
    {
        await _topics.LinesEndAsync().ConfigureAwait(false);
        var ticket = new FlushTicket();
        foreach (var queue in _topics.All())
        {
            queue.Flush(ticket);
            _delivery.Note(queue, isReady: true);
        }

        ticket.Punch();
        await ticket.Done.ConfigureAwait(false);
    }

    /// <returns>False where something has to be waited for first: room, or what is known of the topic.</returns>
    private bool TryAdd(TopicQueues topic, in OutgoingRecord record, OptionalBytes key, OptionalBytes value, AckSource? waiter)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed) != 0, this);
        _transactions?.CheckOpen();
        if (topic.HasLine) return false;
        if (!topic.HasSeen(_core.Metadata.Current) && !topic.See(_core.Metadata.Current)) return false;
        var size = CheckedSize(topic, key, value, record.Headers);
        var partition = topic.Choose(record.Partition, key);
        if ((uint)partition.Partition >= (uint)topic.Count || !_room.TryTake(size)) return false;
        Append(topic, partition, record, key, value, size, waiter);
        return true;
    }

    private async ValueTask AddSlowlyAsync(TopicQueues topic, OutgoingRecord record, AckSource? waiter, CancellationToken cancellation)
    {
        // One behind the other, or they would change places while they wait.
        var (before, own) = topic.Enter();
        try
        {
            await before.ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (!topic.See(_core.Metadata.Current)) await FindAsync(topic, 0, cancellation).ConfigureAwait(false);
            var size = CheckedSize(topic, record.Key.Bytes, record.Value.Bytes, record.Headers);
            var chosen = topic.Choose(record.Partition, record.Key.Bytes);
            var partition = chosen.Partition;
            if (partition < 0) throw new KafkaException(ErrorCode.UnknownTopicOrPartition, $"there is no partition {partition}; they begin at 0", topic.Name) { IsTransient = false };
            if (partition >= topic.Count) await FindAsync(topic, partition, cancellation).ConfigureAwait(false);
            if (!_room.TryTake(size)) await RoomAsync(size, cancellation).ConfigureAwait(false);
            CheckOpen(size);
            Append(topic, chosen, record, record.Key.Bytes, record.Value.Bytes, size, waiter);
        }
        finally
        {
            topic.Leave(own);
        }
    }

    private ValueTask RoomAsync(int size, CancellationToken cancellation)
    {
        var taken = _room.TakeAsync(size, cancellation);
        _delivery.Hurry();
        return taken;
    }

    private async Task FindAsync(TopicQueues topic, int partition, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        try
        {
            await _topics.FindAsync(topic, partition, either.Token).ConfigureAwait(false);
        }
        catch (Exception over) when (_closing.IsCancellationRequested && !cancellation.IsCancellationRequested && over is OperationCanceledException or KafkaException)
        {
            throw Closed();
        }

        if (_closing.IsCancellationRequested) throw Closed();
    }

    // The transaction may have ended while the record waited.
    private void CheckOpen(int taken)
    {
        try
        {
            _transactions?.CheckOpen();
        }
        catch
        {
            _room.Give(taken);
            throw;
        }
    }

    private void Append(TopicQueues topic, (int Number, bool HasTurn) partition, in OutgoingRecord record, OptionalBytes key, OptionalBytes value, int size, AckSource? waiter)
    {
        var queue = topic.Partitions[partition.Number];
        var result = AppendResult.None;
        var isAdded = false;
        try
        {
            result = queue.Append(record.Timestamp, key, value, record.Headers, size, partition.HasTurn, waiter);
            isAdded = true;
        }
        finally
        {
            if (!isAdded) _room.Give(size);
        }

        if (result == AppendResult.None) return;
        if ((result & AppendResult.TurnIsOver) != 0) topic.EndTurn(partition.Number);
        _delivery.Note(queue, (result & AppendResult.Closed) != 0);
    }

    private int CheckedSize(TopicQueues topic, OptionalBytes key, OptionalBytes value, RecordHeader[]? headers)
    {
        var size = RecordBatchBuilder.SizeUpperBound(key, value, headers);
        return size <= _options.MaxRequestBytes
            ? size
            : throw new KafkaException(ErrorCode.MessageTooLarge, $"a record of up to {size} bytes, where MaxRequestBytes is {_options.MaxRequestBytes}; raise it, and the topic's max.message.bytes, or send less at once", topic.Name);
    }
}
