using Moldau.Storage.Files;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Logs;

/// <summary>
/// Finds in the log what a snapshot did not keep: the batches of a producer before its last one. A client that had five
/// on their way when the broker stopped sends all of them again, and each must be known. It is looked for only when one
/// seems to come again, so a start reads nothing for it. Belongs to the log's writer.
/// </summary>
internal static class BatchRecall
{
    // The batches that were on their way together lie close to each other; one that lies farther away came long before.
    private const int MostBytes = 16 * 1024 * 1024;

    // So many offsets back at first, then ten times as many.
    private const long FirstStep = 1000;

    /// <returns>Whether more is known now.</returns>
    public static bool TryRun(PartitionLog log, in ProducedBatch batch)
    {
        if (!log.Producers.TryGet(batch.ProducerId, out var state) || !state.IsBeforeAll(batch)) return false;
        List<RecentBatch> found = [];
        var end = state.BatchAt(0).BaseOffset;
        try
        {
            for (var step = FirstStep; ; step *= 10)
            {
                var from = Math.Max(log.StartOffset, end - step);
                List<RecentBatch> more = [];
                // Half a window would give those that came first, and it is the last that are wanted.
                if (!Collect(log.Segments, state, from, end, more)) break;
                found = more;
                if (found.Count >= ProducerState.RetainedBatches || from == log.StartOffset) break;
            }
        }
        catch (IOException)
        {
            // Damaged or gone: then it is as if they had been forgotten, and the producer is told that it is out of order.
        }

        state.Recall(found);
        return found.Count > 0;
    }

    /// <returns>False where it became too much.</returns>
    private static bool Collect(SegmentList segments, ProducerState state, long from, long end, List<RecentBatch> found)
    {
        var bytes = 0L;
        Span<byte> buffer = stackalloc byte[BatchHeaders.BufferSize];
        for (var i = segments.IndexOf(from); i < segments.Count && segments[i].BaseOffset < end; i++)
        {
            var segment = segments[i];
            var file = segment.File.Hold();
            try
            {
                var start = segment.Indexes.Offsets.Lookup(from).Position;
                var headers = new BatchHeaders(file, start, segment.Length, buffer);
                while (headers.MoveNext() && headers.BaseOffset < end)
                {
                    bytes += headers.Size;
                    if (bytes > MostBytes) return false;
                    if (headers.ProducerId != state.ProducerId || headers.Attributes.IsControl) continue;
                    var produced = headers.Produced;
                    if (produced.Epoch != state.Epoch) continue;
                    found.Add(new RecentBatch(produced.LastSequence, produced.LastOffset, (int)(produced.LastOffset - produced.BaseOffset), produced.MaxTimestamp));
                    if (found.Count > ProducerState.RetainedBatches) found.RemoveAt(0);
                }
            }
            finally
            {
                segment.File.LetGo();
            }
        }

        return true;
    }
}
