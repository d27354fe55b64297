using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;

namespace Moldau.Compatibility.Storage;

/// <summary>What is in a compacted log of ours, in the words of <c>java/Compactions.java</c>.</summary>
internal static class CompactionTold
{
    public static List<string> Lines(PartitionLog log)
    {
        var lines = new List<string>();
        foreach (var segment in log.Segments.All) lines.Add($"segment {segment.BaseOffset}");
        AddBatches(log, lines);
        var aborted = new List<AbortedTransaction>();
        log.CollectAborted(log.StartOffset, log.EndOffset, aborted);
        lines.AddRange(aborted.Select(entry => $"aborted {entry.ProducerId} {entry.FirstOffset} {entry.LastOffset} {entry.LastStableOffset}"));
        lines.AddRange(log.Producers.Producers
            .Select(state => $"producer {state.ProducerId} {state.Epoch} {state.LastSequence} {state.LastOffset} {state.TransactionOffset}")
            .Order(StringComparer.Ordinal));
        return lines;
    }

    private static void AddBatches(PartitionLog log, List<string> lines)
    {
        using var scratch = new PooledBuffer();
        for (var offset = log.StartOffset; offset < log.EndOffset;)
        {
            using var slice = log.Read(offset, 1024 * 1024, long.MaxValue).Slice;
            if (slice.Length == 0) return;
            var bytes = new byte[slice.Length];
            slice.Read(0, bytes);
            var reader = new BatchReader(bytes);
            while (reader.MoveNext())
            {
                var batch = reader.Current;
                batch.EnsureChecksum();
                lines.Add(Line(batch));
                var records = batch.GetRecords(scratch);
                while (records.MoveNext())
                {
                    var timestamp = batch.BaseTimestamp + records.TimestampDelta;
                    lines.Add($"record {batch.BaseOffset + records.OffsetDelta} {timestamp} {Hex(records.Key)} {Hex(records.Value)}");
                }

                offset = batch.LastOffset + 1;
            }
        }
    }

    private static string Line(RecordBatch batch)
    {
        var attributes = batch.Attributes;
        var kind = (attributes.IsTransactional ? " transactional" : "") + (attributes.IsControl ? " control" : "");
        // What a codec makes of the same bytes is its own affair.
        var exact = attributes.Compression == CompressionType.None ? $" {batch.Bytes.Length} {batch.Checksum}" : "";
        return $"batch {batch.BaseOffset} {batch.LastOffset} {batch.LeaderEpoch} {batch.RecordCount} {batch.ProducerId} {batch.ProducerEpoch} {batch.BaseSequence}"
            + $"{kind} {attributes.Compression.ToString().ToLowerInvariant()} max {batch.MaxTimestamp} horizon {batch.DeleteHorizon ?? -1}{exact}";
    }

    private static string Hex(OptionalBytes bytes) => bytes.IsNull ? "-" : "x" + Convert.ToHexStringLower(bytes.Span);
}
