namespace Moldau.Storage.Logs;

/// <summary>A log's segments in order. Replaced as a whole, never changed: a reader's list stays what it was.</summary>
internal sealed class SegmentList(LogSegment[] segments)
{
    public ReadOnlySpan<LogSegment> All => segments;

    public int Count => segments.Length;

    public LogSegment First => segments[0];

    public LogSegment Last => segments[^1];

    public LogSegment this[int index] => segments[index];

    /// <summary>The segment that holds an offset, if any does; the first one for offsets before it.</summary>
    public int IndexOf(long offset)
    {
        var (low, high) = (0, segments.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (segments[middle].BaseOffset <= offset) low = middle + 1;
            else high = middle;
        }

        return Math.Max(low - 1, 0);
    }

    public SegmentList With(LogSegment added) => new([.. segments, added]);

    public SegmentList From(int first) => new(segments[first..]);

    public SegmentList UpTo(int count) => new(segments[..count]);

    /// <summary>One in place of a run of others.</summary>
    public SegmentList Replace(int first, int count, LogSegment replacement) =>
        new([.. segments.AsSpan(0, first), replacement, .. segments.AsSpan(first + count)]);
}
