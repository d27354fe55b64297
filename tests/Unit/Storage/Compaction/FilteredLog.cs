using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Compaction;
using Moldau.Storage.Indexes;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>Batches that are mapped and filtered in memory, as a pass does it with a segment.</summary>
internal sealed class FilteredLog
{
    public const long Now = 10_000;
    public const long DeleteRetention = 500;

    private List<byte[]> _batches;

    public FilteredLog(params byte[][] batches) => _batches = [.. batches];

    public List<AbortedTransaction> Aborted { get; set; } = [];

    public Dictionary<long, ProducerEnd> Producers { get; } = [];

    public long Start { get; init; }

    public PassCounts Counts { get; private set; } = new();

    public long LatestOffset { get; private set; }

    /// <summary>The aborted transactions that the new segment's index names.</summary>
    public TransactionIndex Kept { get; private set; } = new(0);

    /// <summary>What is left of it, as text.</summary>
    public string Pass(long now = Now, long dirtyFrom = 0, int mapSlots = 1000, bool lastStays = false, long end = long.MaxValue)
    {
        using var scratch = new PooledBuffer();
        var map = new OffsetMap(mapSlots * OffsetMap.EntrySize, 0.5, new Random(1));
        map.Begin(1000);
        var transactions = new OpenTransactions(scratch) { LogStart = Start };
        transactions.Expect(Aborted);
        var builder = new MapBuilder(map, transactions, scratch) { Start = dirtyFrom };
        foreach (var batch in _batches)
        {
            if (!builder.Add(RecordBatch.Read(batch))) break;
        }

        LatestOffset = map.LatestOffset;
        Counts = new PassCounts();
        Kept = new TransactionIndex(0);
        transactions.Clear();
        transactions.Expect(Aborted);
        transactions.Kept = Kept;
        using var output = new PooledBuffer();
        using var filter = new BatchFilter(map, transactions, scratch) { Producers = Producers };
        filter.Begin(new PassRules(now, DeleteRetention, end), Counts);
        for (var i = 0; i < _batches.Count; i++) filter.Filter(RecordBatch.Read(_batches[i]), lastStays && i == _batches.Count - 1, output);

        _batches = [];
        var left = new BatchReader(output.WrittenSpan);
        while (left.MoveNext()) _batches.Add(left.Current.Bytes.ToArray());
        Aborted = [.. Entries(Kept)];
        return SampleBatch.Show(output.WrittenSpan);
    }

    private static List<AbortedTransaction> Entries(TransactionIndex index)
    {
        var found = new List<AbortedTransaction>();
        index.Collect(0, long.MaxValue, found);
        return found;
    }
}
