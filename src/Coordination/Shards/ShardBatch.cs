using Moldau.Protocol.Messages;

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

    /// <summary>Where its first record lies, when it is in the log.</summary>
    public long BaseOffset { get; set; } = -1;

    /// <summary>Where its changes end in the undo log.</summary>
    internal long UndoEnd { get; set; }

    internal IReadOnlyList<HeldReply> Held => _held;

    /// <summary>Of which kind each record is; kept only for a machine that asks where they stand.</summary>
    internal List<IMessage>? Keys { get; private set; }

    internal bool Takes(TransactionProducer? producer, int size, int limit) => Marker is null && Producer == producer && Size + size <= limit;

    internal void Add(in StoredRecord record, IMessage? key)
    {
        _records.Add(record);
        if (key is not null) (Keys ??= []).Add(key);
        Size += record.SizeUpperBound;
    }

    internal void Hold(in HeldReply reply) => _held.Add(reply);
}
