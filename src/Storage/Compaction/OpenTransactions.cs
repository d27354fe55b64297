using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Indexes;

namespace Moldau.Storage.Compaction;

/// <summary>
/// The transactions that a pass is in the middle of, as it reads a log batch by batch: whether a batch's transaction was
/// aborted, and whether anything of a transaction was left when its marker comes.
/// </summary>
/// <param name="scratch">Where a marker's record is decompressed.</param>
internal sealed class OpenTransactions(PooledBuffer scratch)
{
    private readonly HashSet<long> _committed = [];
    private readonly HashSet<long> _emptied = [];
    private readonly Dictionary<long, Aborted> _aborted = [];
    private readonly PriorityQueue<AbortedTransaction, long> _ahead = new();

    /// <summary>Takes an aborted transaction whose marker stays; null while nothing is written.</summary>
    public TransactionIndex? Kept { get; set; }

    /// <summary>
    /// Where the log begins. An index that was built again knows nothing of what lies below, and nobody reads it: a batch
    /// of an aborted transaction may be found there that no index names.
    /// </summary>
    public long LogStart { get; set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _committed.Clear();
        _emptied.Clear();
        _aborted.Clear();
        _ahead.Clear();
        Kept = null;
    }

    /// <summary>
    /// The aborted transactions of what is read next, from the index. One that reaches over two segments is given with
    /// either, and counts once.
    /// </summary>
    public void Expect(IReadOnlyList<AbortedTransaction> aborted)
    {
        foreach (var transaction in aborted) _ahead.Enqueue(transaction, transaction.FirstOffset);
    }

    /// <summary>Passes a batch of data.</summary>
    /// <returns>Whether its transaction was aborted, so that nobody is to see its records.</returns>
    public bool PassData(RecordBatch batch)
    {
        BeginUpTo(batch.LastOffset);
        if (!batch.Attributes.IsTransactional) return false;
        if (!_aborted.TryGetValue(batch.ProducerId, out var transaction))
        {
            (batch.RecordCount > 0 && batch.LastOffset >= LogStart ? _committed : _emptied).Add(batch.ProducerId);
            return false;
        }

        transaction.IsSeen = true;
        return true;
    }

    /// <summary>Passes a control batch.</summary>
    /// <returns>
    /// Whether nothing refers to it any longer: it is the marker of a transaction of which no batch is left, not even an
    /// empty one, whose reader would take the transaction for open without its marker.
    /// </returns>
    public bool PassMarker(RecordBatch batch)
    {
        BeginUpTo(batch.LastOffset);
        var records = batch.GetRecords(scratch);
        if (!records.MoveNext()) return true;
        if (!TransactionMarker.TryRead(records, out var marker)) return false;
        var wasEmptied = _emptied.Remove(batch.ProducerId);
        var hadRecords = _committed.Remove(batch.ProducerId);
        if (marker.Type == ControlRecordType.Commit) return !hadRecords && !wasEmptied;
        // Records of an aborted transaction that the index does not know were taken for what counts.
        if (hadRecords)
        {
            throw new InvalidBatchException(
                BatchFault.BadRecord, $"the abort of producer {batch.ProducerId} at offset {batch.BaseOffset}, whose transaction is in no index of aborted ones");
        }

        if (!_aborted.Remove(batch.ProducerId, out var transaction) || !transaction.IsSeen) return !wasEmptied;
        Kept?.Add(transaction.Entry);
        return false;
    }

    private void BeginUpTo(long offset)
    {
        while (_ahead.TryPeek(out var transaction, out var first) && first <= offset)
        {
            _ahead.Dequeue();
            _aborted.TryAdd(transaction.ProducerId, new Aborted(transaction));
        }
    }

    private sealed class Aborted(AbortedTransaction entry)
    {
        public AbortedTransaction Entry { get; } = entry;

        /// <summary>Whether a batch of it has come by.</summary>
        public bool IsSeen { get; set; }
    }
}
