using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Storage.Compaction;

/// <summary>Puts the keys of what is dirty into the map, except those of aborted transactions, which supersede nothing.</summary>
internal sealed class MapBuilder(OffsetMap latest, OpenTransactions transactions, PooledBuffer scratch)
{
    private readonly KeyHash[] _hashes = new KeyHash[OffsetMap.Ahead];
    private readonly long[] _offsets = new long[OffsetMap.Ahead];

    /// <summary>The first offset whose records count; those below were compacted before.</summary>
    public long Start { get; set; }

    /// <returns>False where the map is full: the pass then goes up to its latest offset.</returns>
    public bool Add(RecordBatch batch)
    {
        if (batch.LastOffset < Start) return true;
        if (batch.Attributes.IsControl)
        {
            transactions.PassMarker(batch);
        }
        else if (!transactions.PassData(batch) && !AddRecords(batch))
        {
            return false;
        }

        latest.Cover(batch.LastOffset);
        return true;
    }

    private bool AddRecords(RecordBatch batch)
    {
        var records = batch.GetRecords(scratch);
        var before = batch.BaseOffset - 1;
        int count;
        do
        {
            for (count = 0; count < OffsetMap.Ahead && records.MoveNext();)
            {
                var offset = batch.BaseOffset + records.OffsetDelta;
                if (records.Key.IsNull || offset < Start) continue;
                (_hashes[count], _offsets[count]) = (latest.Hash(records.Key.Span), offset);
                count++;
            }

            for (var i = 0; i < count; i++)
            {
                if (latest.IsFull)
                {
                    // A batch counts whole or not at all, but one that alone is too much for the map counts as far as it
                    // fits: else no pass would ever get past it.
                    if (latest.LatestOffset < Start) latest.Cover(before);
                    return false;
                }

                latest.Put(_hashes[i], before = _offsets[i]);
            }
        }
        while (count == OffsetMap.Ahead);

        return true;
    }
}
