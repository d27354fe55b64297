namespace Moldau.Coordination.Shards;

/// <summary>Records that are appended together, and the replies that wait for them.</summary>
public sealed class ShardBatch
{
    private readonly List<StoredRecord> _records = [];
    private readonly List<HeldReply> _held = [];

    internal ShardBatch(TransactionProducer? producer, MarkerEnd? marker = null)
    {
        Producer = producer;
        Marker = marker;
    }

    /// <summary>In whose transaction; null outside of one.</summary>
    public TransactionProducer? Producer { get; }

    /// <summary>Where it is the end of the producer's transaction, and holds no records.</summary>
    public MarkerEnd? Marker { get; }

    public IReadOnlyList<StoredRecord> Records => _records;

    /// <summary>In bytes, at most, before compression.</summary>
    public int Size { get; private set; }

    /// <summary>Of the event that came last.</summary>
    public long Now { get; internal set; }

    /// <summary>Where its changes end in the undo log.</summary>
    internal long UndoEnd { get; set; }

    internal IReadOnlyList<HeldReply> Held => _held;

    internal bool Takes(TransactionProducer? producer, int size, int limit) => Marker is null && Producer == producer && Size + size <= limit;

    internal void Add(in StoredRecord record)
    {
        _records.Add(record);
        Size += record.SizeUpperBound;
    }

    internal void Hold(in HeldReply reply) => _held.Add(reply);
}
