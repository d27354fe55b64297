using Moldau.Storage.Indexes;

namespace Moldau.Storage.Logs;

/// <summary>The indexes of offsets and times, made again from the segment they point into.</summary>
internal static class IndexRebuild
{
    public static (OffsetIndex Offsets, TimeIndex Times) Of(LogSegment segment, int length, int interval)
    {
        var offsets = new OffsetIndex(segment.BaseOffset);
        var times = new TimeIndex(segment.BaseOffset);
        long max = -1, offsetOfMax = segment.BaseOffset;
        var sinceEntry = 0;
        var file = segment.File.Hold();
        try
        {
            var headers = new BatchHeaders(file, 0, length, stackalloc byte[BatchHeaders.BufferSize]);
            while (headers.MoveNext())
            {
                if (headers.MaxTimestamp > max) (max, offsetOfMax) = (headers.MaxTimestamp, headers.LastOffset);
                if (sinceEntry > interval)
                {
                    offsets.Add(headers.LastOffset, headers.Position);
                    if (max >= 0) times.Add(max, offsetOfMax);
                    sinceEntry = 0;
                }

                sinceEntry += headers.Size;
            }
        }
        finally
        {
            segment.File.LetGo();
        }

        if (max >= 0) times.Add(max, offsetOfMax);
        return (offsets, times);
    }
}
