using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Logs;

/// <summary>Applies what lies in a log to the producers' states that a snapshot began.</summary>
internal static class ProducerReplay
{
    /// <param name="segments">The log's.</param>
    /// <param name="producers">The states as of <paramref name="from"/>.</param>
    /// <param name="from">The first offset to apply.</param>
    /// <param name="upTo">The first one not to.</param>
    /// <param name="ended">Told of each transaction that ends on the way, and in which segment.</param>
    public static void Run(
        SegmentList segments, ProducerStates producers, long from, long upTo, Action<LogSegment, CompletedTransaction>? ended = null)
    {
        using var bytes = new PooledBuffer();
        using var scratch = new PooledBuffer();
        for (var i = segments.IndexOf(from); from < upTo && i < segments.Count && segments[i].BaseOffset < upTo; i++)
            Run(segments[i], producers, from, upTo, ended, bytes, scratch);
        producers.AdvanceTo(upTo);
    }

    private static void Run(
        LogSegment segment, ProducerStates producers, long from, long upTo, Action<LogSegment, CompletedTransaction>? ended,
        PooledBuffer bytes, PooledBuffer scratch)
    {
        var file = segment.File.Hold();
        try
        {
            var start = segment.Indexes.Offsets.Lookup(from).Position;
            var headers = new BatchHeaders(file, start, segment.Length, stackalloc byte[BatchHeaders.BufferSize]);
            while (headers.MoveNext())
            {
                if (headers.LastOffset < from || headers.ProducerId == ProducerIdentity.NoProducerId) continue;
                if (headers.BaseOffset >= upTo) return;
                if (!headers.Attributes.IsControl)
                {
                    producers.Apply(headers.Produced);
                    continue;
                }

                var batch = SegmentSearch.ReadBatch(file, headers.Position, headers.Size, bytes);
                if (!TransactionEnd.TryRead(batch, batch.BaseOffset, scratch, out var end)) continue;
                if (producers.Apply(end) is { } completed) ended?.Invoke(segment, completed);
            }
        }
        finally
        {
            segment.File.LetGo();
        }
    }
}
