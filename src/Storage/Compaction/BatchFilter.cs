using System.Numerics;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Storage.Compaction;

/// <summary>
/// Decides batch by batch what stays, and appends that: the batch as it lies where nothing is dropped, else one of what
/// is left. Which rule is Kafka's and which is ours stands in docs/internals/compaction.md.
/// </summary>
internal sealed class BatchFilter(OffsetMap latest, OpenTransactions transactions, PooledBuffer scratch) : IBatchFilter
{
    private readonly BatchRebuilder _rebuilder = new();

    private readonly Asked[] _asked = new Asked[OffsetMap.Ahead];

    // A bit for each record of the batch at hand.
    private ulong[] _kept = new ulong[16];
    private int _count;
    private bool _keepsTombstone;
    private PassRules _rules;

    public IReadOnlyDictionary<long, ProducerEnd> Producers { get; set; } = new Dictionary<long, ProducerEnd>();

    public PassCounts Counts { get; private set; } = new();

    public void Begin(PassRules rules, PassCounts counts) => (_rules, Counts) = (rules, counts);

    public void Filter(RecordBatch batch, bool isLastOfSegment, PooledBuffer output)
    {
        Counts.RecordsRead += batch.RecordCount;
        var isKept = batch.Attributes.IsControl ? KeepControl(batch, output) : KeepData(batch, output);
        if (isKept) return;
        // The last batch of what may be compacted stays whole in what it says of its producer, as in Kafka.
        if (IsLastOfProducer(batch) || batch.LastOffset + 1 == _rules.End) BatchRebuilder.WriteEmpty(batch, keepsProducer: true, output);
        else if (isLastOfSegment) BatchRebuilder.WriteEmpty(batch, keepsProducer: false, output);
    }

    public void Dispose() => _rebuilder.Dispose();

    /// <returns>False where nothing is left.</returns>
    private bool KeepControl(RecordBatch batch, PooledBuffer output)
    {
        var isSpent = transactions.PassMarker(batch);
        if (batch.RecordCount == 0 || (isSpent && _rules.IsPast(batch.DeleteHorizon))) return false;
        Counts.RecordsKept += batch.RecordCount;
        if (!isSpent || batch.DeleteHorizon is not null)
        {
            output.Write(batch.Bytes);
            return true;
        }

        var records = batch.GetRecords(scratch);
        _rebuilder.Begin(batch, _rules.Horizon);
        for (var start = 0; records.MoveNext(); start = records.EndPosition) _rebuilder.Keep(records, start);
        _rebuilder.FinishTo(output);
        return true;
    }

    private bool KeepData(RecordBatch batch, PooledBuffer output)
    {
        if (transactions.PassData(batch))
        {
            Counts.AbortedDropped++;
            return false;
        }

        if (batch.RecordCount == 0) return false;
        // The map ends before it.
        if (batch.BaseOffset > latest.LatestOffset) return KeepWhole(batch, output);
        var records = batch.GetRecords(scratch);
        var (count, keepsTombstone) = Judge(batch, records);
        if (count == 0) return false;
        // A tombstone's time runs from when what it deletes is gone, and that is now only where the map goes so far.
        var setsHorizon = keepsTombstone && batch.DeleteHorizon is null && batch.LastOffset <= latest.LatestOffset;
        if (count == batch.RecordCount && !setsHorizon) return KeepWhole(batch, output);

        Counts.RecordsKept += count;
        _rebuilder.Begin(batch, setsHorizon ? _rules.Horizon : null);
        for (var start = 0; records.MoveNext(); start = records.EndPosition)
        {
            if ((_kept[records.Index >> 6] & (1UL << (records.Index & 63))) != 0) _rebuilder.Keep(records, start);
        }

        _rebuilder.FinishTo(output);
        return true;
    }

    private bool KeepWhole(RecordBatch batch, PooledBuffer output)
    {
        Counts.RecordsKept += batch.RecordCount;
        output.Write(batch.Bytes);
        return true;
    }

    /// <summary>Marks the records that stay, and counts them.</summary>
    private (int Count, bool KeepsTombstone) Judge(RecordBatch batch, RecordReader records)
    {
        var words = (batch.RecordCount + 63) / 64;
        if (_kept.Length < words) _kept = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)words)];
        Array.Clear(_kept, 0, words);

        (_count, _keepsTombstone) = (0, false);
        var dropsTombstones = _rules.IsPast(batch.DeleteHorizon);
        var (baseOffset, asked) = (batch.BaseOffset, 0);
        while (records.MoveNext())
        {
            var offset = baseOffset + records.OffsetDelta;
            var isTombstone = records.Value.IsNull;
            if (offset > latest.LatestOffset)
            {
                Keep(records.Index, isTombstone);
            }
            else if (records.Key.IsNull)
            {
                Counts.KeylessDropped++;
            }
            else if (!isTombstone || !dropsTombstones)
            {
                _asked[asked++] = new Asked(latest.Hash(records.Key.Span), offset, records.Index, isTombstone);
                if (asked < OffsetMap.Ahead) continue;
                Answer(asked);
                asked = 0;
            }
        }

        Answer(asked);
        return (_count, _keepsTombstone);
    }

    private void Answer(int count)
    {
        foreach (ref readonly var asked in _asked.AsSpan(0, count))
        {
            if (asked.Offset >= latest.Find(asked.Hash)) Keep(asked.Index, asked.IsTombstone);
        }
    }

    private void Keep(int index, bool isTombstone)
    {
        _kept[index >> 6] |= 1UL << (index & 63);
        _keepsTombstone |= isTombstone;
        _count++;
    }

    private bool IsLastOfProducer(RecordBatch batch)
    {
        if (!batch.HasProducerId || !Producers.TryGetValue(batch.ProducerId, out var end)) return false;
        return end.LastOffset >= 0 ? batch.LastOffset == end.LastOffset : batch.Attributes.IsControl && batch.ProducerEpoch == end.Epoch;
    }

    /// <summary>A record whose key's slot is on its way from memory.</summary>
    private readonly record struct Asked(KeyHash Hash, long Offset, int Index, bool IsTombstone);
}
