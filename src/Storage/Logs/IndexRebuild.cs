using Moldau.Storage.Indexes;

namespace Moldau.Storage.Logs;

/// <summary>The indexes of offsets and times, made again from the segment they point into.</summary>
internal static class IndexRebuild
{
    public static SegmentIndexes Of(LogSegment segment, int length, TransactionIndex transactions, int interval)
    {
        var builder = new IndexBuilder(
            new SegmentIndexes(new OffsetIndex(segment.BaseOffset), new TimeIndex(segment.BaseOffset), transactions), interval);
        var file = segment.File.Hold();
        try
        {
            var headers = new BatchHeaders(file, 0, length, stackalloc byte[BatchHeaders.BufferSize]);
            while (headers.MoveNext()) builder.Add(headers.Position, headers.Size, headers.LastOffset, headers.MaxTimestamp);
        }
        finally
        {
            segment.File.LetGo();
        }

        return builder.Complete();
    }
}
