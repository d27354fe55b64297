using Moldau.Client.Fetching;
using Moldau.Client.Serdes;

namespace Moldau.Client.Consuming;

/// <summary>
/// Records of one partition that were written together. It and what it shows raw are valid until the next batch is asked for, which
/// also says that this one is done; a record that was taken from it may be kept, but for its headers.
/// </summary>
public sealed class Batch<TKey, TValue>
{
    private readonly RecordDecoder<TKey, TValue> _decoder;
    private readonly ConsumerEngine _engine;
    private FetchedBatch? _batch;
    private int _ready;
    private SerdeException? _failure;

    internal Batch(RecordDecoder<TKey, TValue> decoder, ConsumerEngine engine)
    {
        _decoder = decoder;
        _engine = engine;
    }

    public TopicPartition Where => Held.State.Where;

    public int Count => Held.Count;

    /// <summary>What its records took in the answer, compressed as they were.</summary>
    public int WireBytes => Held.WireBytes;

    public int LeaderEpoch => Held.LeaderEpoch;

    public long FirstOffset => Held.OffsetOf(0);

    /// <summary>Behind its last record.</summary>
    public long NextOffset => Held.Next;

    /// <summary>Whether it is done: acknowledged, though the next was not asked for.</summary>
    internal bool IsAcknowledged { get; private set; }

    /// <summary>The record that could not be read; -1 for none.</summary>
    internal int Broken { get; private set; } = -1;

    private FetchedBatch Held => _batch ?? throw new InvalidOperationException("this batch was given back when the next was asked for; take what is needed before");

    /// <summary>A record, decoded now.</summary>
    /// <exception cref="SerdeException">Its bytes are no such key or value.</exception>
    public Record<TKey, TValue> this[int index]
    {
        get
        {
            var held = Held;
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)held.Count, nameof(index));
            Broken = Math.Min(index, _ready);
            if (index >= _ready) throw _failure!;
            var record = _decoder.Read(held, index);
            Broken = -1;
            return record;
        }
    }

    /// <summary>A record's bytes where they lie.</summary>
    public RawRecord Raw(int index)
    {
        var held = Held;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)held.Count, nameof(index));
        return new RawRecord(held, index);
    }

    /// <summary>
    /// Says that it is done, and commits at once where there is a group. Not needed where commits at intervals will do: asking for
    /// the next batch says the same.
    /// </summary>
    /// <exception cref="KafkaException">The group's coordinator refused it.</exception>
    public async ValueTask AckAsync(CancellationToken cancellation = default)
    {
        var held = Held;
        IsAcknowledged = true;
        if (held.Given is { } given) _engine.Subscription.Complete(given, held.First);
        await _engine.CommitAsync(cancellation).ConfigureAwait(false);
    }

    public Enumerator GetEnumerator() => new(this);

    /// <summary>It shows another batch from now on.</summary>
    /// <param name="batch">Which.</param>
    /// <param name="ready">How many of its records can be read.</param>
    /// <param name="failure">Why the one behind them cannot.</param>
    internal void Use(FetchedBatch batch, int ready, SerdeException? failure) =>
        (_batch, _ready, _failure, IsAcknowledged, Broken) = (batch, ready, failure, false, -1);

    /// <summary>Its memory is another's.</summary>
    internal void GiveBack() => (_batch, IsAcknowledged, Broken) = (null, false, -1);

    /// <summary>Walks the records, decoding each as it is reached.</summary>
    public struct Enumerator
    {
        private readonly Batch<TKey, TValue> _batch;
        private int _index;

        internal Enumerator(Batch<TKey, TValue> batch)
        {
            _batch = batch;
            _index = -1;
        }

        public Record<TKey, TValue> Current { get; private set; }

        public bool MoveNext()
        {
            if (++_index >= _batch.Count) return false;
            Current = _batch[_index];
            return true;
        }
    }
}
