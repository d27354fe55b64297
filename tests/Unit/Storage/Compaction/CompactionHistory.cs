using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Producers;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>Everything that was ever appended to a log, as it was: what compaction works on, and never saw.</summary>
internal sealed class CompactionHistory
{
    private readonly List<byte[]> _batches = [];

    public long End { get; private set; }

    /// <summary>Records below it were deleted.</summary>
    public long Start { get; set; }

    public void Add(byte[] batch)
    {
        var view = RecordBatch.Read(batch);
        if (view.BaseOffset != End) throw new InvalidDataException($"a batch at {view.BaseOffset} where {End} is next");
        _batches.Add(batch);
        End = view.LastOffset + 1;
    }

    /// <summary>What was not durable is gone.</summary>
    public void CutTo(long end)
    {
        while (_batches.Count > 0 && RecordBatch.Read(_batches[^1]).LastOffset >= end) _batches.RemoveAt(_batches.Count - 1);
        End = _batches.Count == 0 ? 0 : RecordBatch.Read(_batches[^1]).LastOffset + 1;
        if (End != end) throw new InvalidDataException($"the log ends at {end}, within a batch or above what was appended: {End}");
    }

    /// <summary>The records by their offsets, with what became of their transactions.</summary>
    public SortedList<long, HistoryRecord> Records()
    {
        var records = new SortedList<long, HistoryRecord>();
        var open = new Dictionary<long, List<HistoryRecord>>();
        using var scratch = new PooledBuffer();
        foreach (var bytes in _batches)
        {
            var batch = RecordBatch.Read(bytes);
            var reader = batch.GetRecords(scratch);
            if (batch.Attributes.IsControl)
            {
                reader.MoveNext();
                TransactionMarker.TryRead(reader, out var marker);
                var fate = marker.Type == ControlRecordType.Commit ? RecordFate.Visible : RecordFate.Aborted;
                foreach (var record in open.GetValueOrDefault(batch.ProducerId, [])) record.Fate = fate;
                open.Remove(batch.ProducerId);
                continue;
            }

            while (reader.MoveNext())
            {
                var record = HistoryRecord.Of(batch, reader);
                records.Add(record.Offset, record);
                if (!batch.Attributes.IsTransactional) continue;
                record.Fate = RecordFate.Open;
                if (!open.TryGetValue(batch.ProducerId, out var transaction)) open.Add(batch.ProducerId, transaction = []);
                transaction.Add(record);
            }
        }

        return records;
    }

    /// <summary>The states of producers as whoever reads all of it has them.</summary>
    /// <param name="start">Who has written nothing from here on may be forgotten.</param>
    /// <param name="isWithoutMarkers">Whether what only markers tell is left out.</param>
    public List<string> Producers(long start, bool isWithoutMarkers)
    {
        var states = new ProducerStates();
        using var scratch = new PooledBuffer();
        foreach (var bytes in _batches)
        {
            var batch = RecordBatch.Read(bytes);
            if (!batch.HasProducerId) continue;
            if (!batch.Attributes.IsControl) states.Apply(ProducedBatch.Of(batch));
            else if (TransactionEnd.TryRead(batch, batch.BaseOffset, scratch, out var end)) states.Apply(end);
        }

        return Show(states, start, isWithoutMarkers);
    }

    /// <summary>As much of them as a snapshot keeps.</summary>
    public static List<string> Show(ProducerStates states, long start, bool isWithoutMarkers)
    {
        var shown = new List<string>();
        foreach (var state in states.Producers)
        {
            if (state.LastOffset < start && !state.InTransaction) continue;
            // Those below the start are gone, too.
            var coordinator = start == 0 && !isWithoutMarkers ? $", coordinator {state.CoordinatorEpoch}" : "";
            var time = isWithoutMarkers ? "" : $", time {state.LastTimestamp}";
            shown.Add($"{state.ProducerId}: epoch {state.Epoch}, sequence {state.LastSequence} at {state.LastOffset}-{state.LastOffsetDelta}, "
                + $"transaction {state.TransactionOffset}{coordinator}{time}");
        }

        shown.Sort(StringComparer.Ordinal);
        return shown;
    }
}
