using Moldau.Client.Connections;
using Moldau.Client.Serdes;

namespace Moldau.Client.Producing;

/// <summary>
/// Writes values to one topic: as bytes by its serdes, then as a <see cref="Producer"/> does. Safe for many callers at once; the order in
/// which one of them writes to a partition is kept.
/// </summary>
public sealed class Producer<TKey, TValue> : IAsyncDisposable
{
    private readonly Producer _producer;
    private readonly TopicQueues _topic;
    private readonly ISerde<TKey> _keySerde;
    private readonly ISerde<TValue> _valueSerde;
    private readonly SendNext? _pipeline;

    internal Producer(ClientCore core, string topic, ProducerOptions<TKey, TValue> options)
    {
        _keySerde = options.KeySerde ?? Serde.For<TKey>();
        _valueSerde = options.ValueSerde ?? Serde.For<TValue>();
        _producer = new Producer(core, options) { HasTextKeys = typeof(TKey) == typeof(string) };
        _topic = _producer.QueuesOf(topic);
        if (options.Middleware.Count == 0) return;
        SendNext pipeline = SendPlainlyAsync;
        for (var i = options.Middleware.Count - 1; i >= 0; i--)
        {
            var (middleware, next) = (options.Middleware[i], pipeline);
            pipeline = context => middleware(context, next);
        }

        _pipeline = pipeline;
    }

    public string Topic => _topic.Name;

    /// <summary>Hands a record over; waits only for room. What became of it is told by <see cref="FlushAsync"/>.</summary>
    public ValueTask EnqueueAsync(TKey? key, TValue? value, CancellationToken cancellation = default) =>
        EnqueueAsync(new OutgoingMessage<TKey, TValue> { Key = key, Value = value }, cancellation);

    /// <summary>Hands a record over; waits only for room. What became of it is told by <see cref="FlushAsync"/>.</summary>
    /// <exception cref="KafkaException">The topic is not there, the value cannot be written, or the record is too large.</exception>
    public ValueTask EnqueueAsync(in OutgoingMessage<TKey, TValue> message, CancellationToken cancellation = default)
    {
        if (_pipeline is not null) return EnqueueAroundAsync(_pipeline, ContextOf(message, cancellation));
        return IsReady() ? Add(message, null, cancellation) : EnqueueWhenReadyAsync(message, cancellation);
    }

    /// <summary>Writes a record and waits until it is confirmed. The task is to be awaited once, as each of its kind.</summary>
    public ValueTask<RecordAck> SendAsync(TKey? key, TValue? value, CancellationToken cancellation = default) =>
        SendAsync(new OutgoingMessage<TKey, TValue> { Key = key, Value = value }, cancellation);

    /// <summary>Writes a record and waits until it is confirmed. The task is to be awaited once, as each of its kind.</summary>
    /// <exception cref="KafkaException">It was not.</exception>
    public ValueTask<RecordAck> SendAsync(in OutgoingMessage<TKey, TValue> message, CancellationToken cancellation = default)
    {
        if (_pipeline is not null) return _pipeline(ContextOf(message, cancellation));
        return IsReady() ? Send(message, cancellation) : SendWhenReadyAsync(message, cancellation);
    }

    /// <summary>Waits until everything handed over before was confirmed or lost.</summary>
    public Task<DeliverySummary> FlushAsync(CancellationToken cancellation = default) => _producer.FlushAsync(cancellation);

    /// <summary>Begins a transaction; everything written until it ends belongs to it. The first one fences whoever had the transactional id before.</summary>
    public Task<Transaction> BeginAsync(CancellationToken cancellation = default) => _producer.BeginAsync(cancellation);

    /// <summary>Sends what is left, for as long as <see cref="KafkaClientOptions.CloseTimeout"/>; then the rest is lost, and whoever waits for it is told.</summary>
    public ValueTask DisposeAsync() => _producer.DisposeAsync();

    private ValueTask<RecordAck> Send(in OutgoingMessage<TKey, TValue> message, CancellationToken cancellation)
    {
        var waiter = _producer.RentWaiter();
        var added = Add(message, waiter, cancellation);
        return added.IsCompletedSuccessfully && !cancellation.CanBeCanceled ? waiter.Task : Producer.WaitAsync(added, waiter, cancellation);
    }

    private ValueTask Add(in OutgoingMessage<TKey, TValue> message, AckSource? waiter, CancellationToken cancellation)
    {
        var bytes = ValueBytes.Rent();
        try
        {
            bytes.Write(message.Key, _keySerde, message.Value, _valueSerde, Topic);
            var record = new OutgoingRecord { Headers = message.Headers, Timestamp = message.Timestamp, Partition = message.Partition };
            return _producer.Add(_topic, record, bytes.Key, bytes.Value, waiter, cancellation);
        }
        catch (KafkaException refused)
        {
            return ValueTask.FromException(refused);
        }
        finally
        {
            bytes.Return();
        }
    }

    private async ValueTask EnqueueWhenReadyAsync(OutgoingMessage<TKey, TValue> message, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation).ConfigureAwait(false);
        await Add(message, null, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<RecordAck> SendWhenReadyAsync(OutgoingMessage<TKey, TValue> message, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation).ConfigureAwait(false);
        return await Send(message, cancellation).ConfigureAwait(false);
    }

    private bool IsReady() =>
        (_keySerde is not IPreparedSerde<TKey> key || key.IsReadyToWrite(new SerdeContext(Topic, IsKey: true)))
        && (_valueSerde is not IPreparedSerde<TValue> value || value.IsReadyToWrite(new SerdeContext(Topic, IsKey: false)));

    private async ValueTask PrepareAsync(CancellationToken cancellation)
    {
        var (forKey, forValue) = (new SerdeContext(Topic, IsKey: true), new SerdeContext(Topic, IsKey: false));
        if (_keySerde is IPreparedSerde<TKey> key && !key.IsReadyToWrite(forKey)) await key.PrepareToWriteAsync(forKey, cancellation).ConfigureAwait(false);
        if (_valueSerde is IPreparedSerde<TValue> value && !value.IsReadyToWrite(forValue)) await value.PrepareToWriteAsync(forValue, cancellation).ConfigureAwait(false);
    }

    private SendContext ContextOf(in OutgoingMessage<TKey, TValue> message, CancellationToken cancellation) => new(Topic, cancellation)
    {
        Key = message.Key, Value = message.Value, Headers = [.. message.Headers ?? []], Timestamp = message.Timestamp, Partition = message.Partition,
    };

    /// <summary>Waits until the record is taken over, or was refused on its way there; what comes behind that is in the summary.</summary>
    private static async ValueTask EnqueueAroundAsync(SendNext pipeline, SendContext context)
    {
        var sent = pipeline(context).AsTask();
        var first = await Task.WhenAny(sent, context.Taken.Task).ConfigureAwait(false);
        if (first == sent) await sent.ConfigureAwait(false);
        // Looked at, so that a loss is no error that nobody has seen.
        else _ = sent.ContinueWith(static lost => _ = lost.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>The end of the pipeline.</summary>
    private async ValueTask<RecordAck> SendPlainlyAsync(SendContext context)
    {
        var message = new OutgoingMessage<TKey, TValue>
        {
            Key = (TKey?)context.Key, Value = (TValue?)context.Value, Headers = [.. context.Headers], Timestamp = context.Timestamp, Partition = context.Partition,
        };
        await PrepareAsync(context.Cancellation).ConfigureAwait(false);
        var waiter = _producer.RentWaiter();
        await Add(message, waiter, context.Cancellation).ConfigureAwait(false);
        context.Taken.TrySetResult();
        return await Producer.WaitAsync(ValueTask.CompletedTask, waiter, context.Cancellation).ConfigureAwait(false);
    }
}
