using System.Collections.Concurrent;
using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>
/// Writes records: gathers them into batches by partition and sends those to the leaders. Safe for many callers at once;
/// the order in which one of them writes to a partition is kept.
/// </summary>
public sealed class RecordWriter : IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly RecordWriterOptions _options;
    private readonly ByteBudget _buffer;
    private readonly BatchSender _sender;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<TopicPartition, PartitionOutbox> _outboxes = new();
    private readonly ConcurrentDictionary<string, StickyPartition> _sticky = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Task<ProducerIdentity>? _identity;
    private bool _isClosed;

    internal RecordWriter(ClientCore core, RecordWriterOptions options)
    {
        if (options.IsIdempotent && !options.WaitsForAll) throw new ArgumentException("a writer that is idempotent waits for all replicas; set WaitsForAll, or clear IsIdempotent");
        _core = core;
        _options = options;
        _buffer = new ByteBudget(options.BufferBytes);
        _sender = new BatchSender(core, options, IdentifyAsync, _closing.Token);
    }

    /// <summary>Hands a record over; waits only for room. What became of it is told by <see cref="FlushAsync"/>.</summary>
    /// <exception cref="KafkaException">The topic is not there, or cannot be asked about.</exception>
    public ValueTask EnqueueAsync(string topic, OutgoingRecord record, CancellationToken cancellation = default) => AddAsync(topic, record, null, cancellation);

    /// <summary>Writes a record and waits until it is confirmed.</summary>
    /// <exception cref="KafkaException">It was not.</exception>
    public async Task<RecordAck> SendAsync(string topic, OutgoingRecord record, CancellationToken cancellation = default)
    {
        var waiter = new TaskCompletionSource<RecordAck>(TaskCreationOptions.RunContinuationsAsynchronously);
        await AddAsync(topic, record, waiter, cancellation).ConfigureAwait(false);
        return await waiter.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits until everything handed over before was confirmed or lost.</summary>
    public async Task<WriteSummary> FlushAsync(CancellationToken cancellation = default)
    {
        foreach (var outbox in _outboxes.Values) await outbox.FlushAsync().WaitAsync(cancellation).ConfigureAwait(false);
        var delivered = 0L;
        var lost = new List<WriteSummary.Loss>();
        foreach (var outbox in _outboxes.Values)
        {
            var (some, loss) = outbox.TakeCounts();
            delivered += some;
            if (loss is not null) lost.Add(loss);
        }

        return new WriteSummary(delivered, lost);
    }

    /// <summary>Sends what is left, for as long as <see cref="KafkaClientOptions.CloseTimeout"/>; then the rest is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
        }

        var left = Task.WhenAll(Flushes());
        try
        {
            await left.WaitAsync(_core.Options.CloseTimeout, _core.Options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Told to whoever waits for a record; a summary was there to be asked for.
        }

        await _closing.CancelAsync().ConfigureAwait(false);
    }

    private List<Task> Flushes()
    {
        var flushes = new List<Task>();
        foreach (var outbox in _outboxes.Values) flushes.Add(outbox.FlushAsync());
        return flushes;
    }

    private async ValueTask AddAsync(string topic, OutgoingRecord record, TaskCompletionSource<RecordAck>? waiter, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!_core.Metadata.Current.Topics.TryGetValue(topic, out var info) || info.Partitions.Count == 0)
            info = await FindAsync(topic, cancellation).ConfigureAwait(false);
        var partition = record.Partition ?? (record.Key is { } key ? Murmur2.PartitionOf(key.Span, info.Partitions.Count) : Sticky(topic, record, info.Partitions.Count));
        var size = SizeOf(record);
        await _buffer.AcquireAsync(size, cancellation).ConfigureAwait(false);
        Outbox(new TopicPartition(topic, partition)).Add(record, size, waiter);
    }

    private PartitionOutbox Outbox(TopicPartition where) =>
        _outboxes.TryGetValue(where, out var outbox)
            ? outbox
            : _outboxes.GetOrAdd(where, static (where, writer) => new PartitionOutbox(where, writer._options, writer._core.Options.Clock, writer._sender, writer._buffer), this);

    private static int SizeOf(in OutgoingRecord record) => RecordBatchBuilder.SizeUpperBound(
        record.Key is { } key ? new OptionalBytes(key.Span) : default, record.Value is { } value ? new OptionalBytes(value.Span) : default, record.Headers);

    /// <summary>Records without a key go to one partition until a batch's worth is there, and then to another: few large batches, not many small ones.</summary>
    private int Sticky(string topic, in OutgoingRecord record, int partitions) =>
        partitions == 1 ? 0 : _sticky.GetOrAdd(topic, static (_, writer) => new StickyPartition(writer._core.BackOff, writer._options.BatchBytes), this).Choose(SizeOf(record), partitions);

    /// <summary>The topic, waited for a little: it may just have been made, or be made because it was asked for.</summary>
    private async Task<TopicInfo> FindAsync(string topic, CancellationToken cancellation)
    {
        var started = _core.Options.Clock.GetTimestamp();
        for (var round = 1; ; round++)
        {
            var cluster = await _core.Retries.RunAsync(token => _core.Metadata.GetAsync([topic], createsTopics: true, token), static _ => { }, cancellation).ConfigureAwait(false);
            var info = cluster.Topics[topic];
            if (info.Error == ErrorCode.None && info.Partitions.Count > 0) return info;
            var error = LeaderCalls.Missing(cluster, new TopicPartition(topic, 0));
            if (!error.IsTransient || _core.Options.Clock.GetElapsedTime(started) > _core.Options.MissingTopicTimeout) throw error;
            _core.Metadata.MarkStale();
            await Task.Delay(_core.BackOff.After(round), _core.Options.Clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The id by which brokers know this writer; asked for once.</summary>
    private Task<ProducerIdentity> IdentifyAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_identity is null or { IsFaulted: true } or { IsCanceled: true }) _identity = AskAsync();
            return _identity.WaitAsync(cancellation);
        }

        async Task<ProducerIdentity> AskAsync()
        {
            var response = await _core.Router.AskAsync<InitProducerIdResponse>(
                Destination.Any, ApiKey.InitProducerId, new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = int.MaxValue },
                static answer => (answer.ErrorCode, null), _closing.Token).ConfigureAwait(false);
            return new ProducerIdentity(response.ProducerId, response.ProducerEpoch, 0);
        }
    }
}
