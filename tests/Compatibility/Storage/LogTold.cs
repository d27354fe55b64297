using Moldau.Protocol.Records;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;

namespace Moldau.Compatibility.Storage;

/// <summary>What is in a log of ours, in the words of <c>java/LogFolders.java</c>.</summary>
internal static class LogTold
{
    public static List<string> Lines(PartitionLog log, IEnumerable<long> times)
    {
        var lines = new List<string> { $"range {log.StartOffset} {log.EndOffset}" };
        AddBatches(log, lines);
        var aborted = new List<AbortedTransaction>();
        log.CollectAborted(log.StartOffset, log.EndOffset, aborted);
        lines.AddRange(aborted.Select(entry => $"aborted {entry.ProducerId} {entry.FirstOffset} {entry.LastOffset} {entry.LastStableOffset}"));
        lines.AddRange(log.Producers.Producers
            .Select(state => $"producer {state.ProducerId} {state.Epoch} {state.LastSequence} {state.LastOffset} {state.TransactionOffset}")
            .Order(StringComparer.Ordinal));
        lines.AddRange(log.Epochs.Entries.Select(entry => $"epoch {entry.Epoch} {entry.Offset}"));
        lines.AddRange(times.Select(time => $"time {time} " + (log.FindTimestamp(time) is { } found ? $"{found.Offset} {found.Timestamp} {found.LeaderEpoch}" : "none")));
        return lines;
    }

    private static void AddBatches(PartitionLog log, List<string> lines)
    {
        for (var offset = log.StartOffset; offset < log.EndOffset;)
        {
            using var slice = log.Read(offset, 1024 * 1024, long.MaxValue).Slice;
            var bytes = new byte[slice.Length];
            slice.Read(0, bytes);
            var reader = new BatchReader(bytes);
            while (reader.MoveNext())
            {
                var batch = reader.Current;
                batch.EnsureChecksum();
                lines.Add($"batch {batch.BaseOffset} {batch.LastOffset} {batch.LeaderEpoch} {batch.Bytes.Length} {batch.Checksum}");
                offset = batch.LastOffset + 1;
            }
        }
    }
}
