using Moldau.Client.Consuming;
using Moldau.Client.Serdes;

namespace Moldau.Client.Sharing;

/// <summary>
/// Records of one partition that were written together and that this consumer alone has now. It is valid until the next is asked for;
/// records that were taken from it may be kept, but for their headers.
/// </summary>
public sealed class SharedBatch<TKey, TValue>
{
    private readonly RecordDecoder<TKey, TValue> _decoder;
    private readonly ShareEngine _engine;
    private readonly List<int> _places = [];
    private AcquiredBatch? _batch;
    private int _ready;
    private SerdeException? _failure;

    internal SharedBatch(RecordDecoder<TKey, TValue> decoder, ShareEngine engine) => (_decoder, _engine) = (decoder, engine);

    public TopicPartition Where => Held.Partition.Where;

    public int Count => _places.Count;

    /// <summary>The place of the record that could not be read; -1 for none.</summary>
    internal int Broken { get; private set; } = -1;

    private AcquiredBatch Held => _batch ?? throw new InvalidOperationException("this batch was given back when the next was asked for; take what is needed before");

    /// <summary>A record, decoded now.</summary>
    /// <exception cref="SerdeException">Its bytes are no such key or value; <see cref="ShareConsumerOptions.Unreadable"/> says what has become of it.</exception>
    public SharedRecord<TKey, TValue> this[int index]
    {
        get
        {
            var held = Held;
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_places.Count, nameof(index));
            var place = _places[index];
            try
            {
                return _engine.Read(_decoder, held, place, _ready, _failure);
            }
            catch (SerdeException)
            {
                Broken = index;
                throw;
            }
        }
    }

    /// <summary>Says the same of every record of which nothing was said yet.</summary>
    public void Acknowledge(Acknowledgement type)
    {
        if (!Enum.IsDefined(type)) throw new ArgumentOutOfRangeException(nameof(type), type, "records are accepted, released, rejected or renewed");
        var held = Held;
        foreach (var place in _places) _engine.Table.AcknowledgeIfGiven(held, place, type);
    }

    public Enumerator GetEnumerator() => new(this);

    /// <summary>It shows another batch from now on.</summary>
    /// <param name="batch">Which; everything of it that waits is given out.</param>
    /// <param name="ready">How many of its records can be read.</param>
    /// <param name="failure">Why the one behind them cannot.</param>
    internal void Use(AcquiredBatch batch, int ready, SerdeException? failure)
    {
        (_batch, _ready, _failure, Broken) = (batch, ready, failure, -1);
        _places.Clear();
        for (var place = _engine.Table.Give(batch); place >= 0; place = _engine.Table.Give(batch)) _places.Add(place);
    }

    /// <summary>Behind one that could not be read nobody has looked: somebody has those again.</summary>
    internal void ReleaseBehindBroken()
    {
        if (Broken < 0 || _batch is null) return;
        for (var index = Broken + 1; index < _places.Count; index++) _engine.Table.AcknowledgeIfGiven(_batch, _places[index], Acknowledgement.Release);
    }

    /// <summary>Its memory is another's.</summary>
    internal void GiveBack() => _batch = null;

    /// <summary>Walks the records, decoding each as it is reached.</summary>
    public struct Enumerator
    {
        private readonly SharedBatch<TKey, TValue> _batch;
        private int _index;

        internal Enumerator(SharedBatch<TKey, TValue> batch)
        {
            _batch = batch;
            _index = -1;
        }

        public SharedRecord<TKey, TValue> Current { get; private set; }

        public bool MoveNext()
        {
            if (++_index >= _batch.Count) return false;
            Current = _batch[_index];
            return true;
        }
    }
}
