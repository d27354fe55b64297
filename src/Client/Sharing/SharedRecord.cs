using Moldau.Client.Consuming;

namespace Moldau.Client.Sharing;

/// <summary>
/// A record that this consumer alone has, until its lock ends or it says what becomes of it. It may be kept and acknowledged later; only
/// its headers are valid no longer than until the next record or batch is asked for, or its handler has ended.
/// </summary>
/// <typeparam name="TKey">What its key was read as.</typeparam>
/// <typeparam name="TValue">What its value was read as.</typeparam>
public readonly struct SharedRecord<TKey, TValue>
{
    private readonly ShareTable _table;
    private readonly AcquiredBatch _batch;
    private readonly int _place;

    internal SharedRecord(Record<TKey, TValue> record, ShareTable table, AcquiredBatch batch, int place)
    {
        (_table, _batch, _place) = (table, batch, place);
        Record = record;
        DeliveryCount = batch[place].DeliveryCount;
    }

    /// <summary>What was read.</summary>
    public Record<TKey, TValue> Record { get; }

    public TopicPartition Where => Record.Where;

    public long Offset => Record.Offset;

    /// <summary>The default where it has none.</summary>
    public TKey? Key => Record.Key;

    /// <summary>The default where it has none.</summary>
    public TValue? Value => Record.Value;

    /// <summary>How often it was given to somebody, this time included.</summary>
    public int DeliveryCount { get; }

    /// <summary>It was handled.</summary>
    /// <exception cref="InvalidOperationException">It was acknowledged already.</exception>
    public void Accept() => Acknowledge(Acknowledgement.Accept);

    /// <summary>Somebody is to have it again.</summary>
    /// <exception cref="InvalidOperationException">It was acknowledged already.</exception>
    public void Release() => Acknowledge(Acknowledgement.Release);

    /// <summary>Nobody is to have it again.</summary>
    /// <exception cref="InvalidOperationException">It was acknowledged already.</exception>
    public void Reject() => Acknowledge(Acknowledgement.Reject);

    /// <summary>Its lock begins anew; it is acknowledged once more when it was handled. Needs Kafka 4.2.</summary>
    /// <exception cref="InvalidOperationException">It was acknowledged already.</exception>
    public void Renew() => Acknowledge(Acknowledgement.Renew);

    /// <summary>Says what becomes of it. What its broker makes of that is told by <see cref="ShareConsumerOptions.OnAcknowledged"/>, and by <c>CommitAsync</c>.</summary>
    /// <exception cref="InvalidOperationException">It was acknowledged already.</exception>
    public void Acknowledge(Acknowledgement type)
    {
        if (!Enum.IsDefined(type)) throw new ArgumentOutOfRangeException(nameof(type), type, "a record is accepted, released, rejected or renewed");
        _table.Acknowledge(_batch, _place, type);
    }

    public override string ToString() => $"{Where}@{Offset} (delivery {DeliveryCount})";
}
