namespace Moldau.Storage.Compaction;

/// <summary>Which part of a log may be compacted, how much of that is dirty, and how urgent it is.</summary>
/// <param name="FirstDirtyOffset">Below it the log was compacted.</param>
/// <param name="FirstUncleanableOffset">From here on it stays as it is; the first offset of a segment, and not below the first dirty one.</param>
/// <param name="CleanBytes">In segments that begin below the first dirty offset.</param>
/// <param name="DirtyBytes">In segments with what is between the two.</param>
/// <param name="Overdue">For how many milliseconds the oldest dirty record should have been compacted by now; 0 where that is not so.</param>
/// <param name="IsReset">The checkpoint did not fit the log, so that it counts as never compacted.</param>
public readonly record struct CleanableRange(
    long FirstDirtyOffset, long FirstUncleanableOffset, long CleanBytes, long DirtyBytes, long Overdue, bool IsReset)
{
    public double DirtyRatio => DirtyBytes == 0 ? 0 : (double)DirtyBytes / (CleanBytes + DirtyBytes);

    /// <summary>Whether the log is to be compacted.</summary>
    public bool IsDue(double minDirtyRatio) => DirtyBytes > 0 && (Overdue > 0 || DirtyRatio > minDirtyRatio);

    /// <param name="segments">All of the log's, the last one being the active one.</param>
    /// <param name="bounds">Its offsets.</param>
    /// <param name="settings">Its topic's.</param>
    /// <param name="now">The time of day, in milliseconds.</param>
    public static CleanableRange Of(ReadOnlySpan<SegmentFacts> segments, LogBounds bounds, CompactionSettings settings, long now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var dirty = bounds.Compacted ?? bounds.Start;
        var isReset = dirty < bounds.Start || dirty > bounds.End;
        if (isReset) dirty = bounds.Start;

        var limit = Math.Min(bounds.LastStable, bounds.RecoveryPoint);
        var uncleanable = dirty;
        var (cleanBytes, dirtyBytes, oldest) = (0L, 0L, long.MaxValue);
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            if (segment.BaseOffset < dirty) cleanBytes += segment.Bytes;
            if (segment.EndOffset <= dirty) continue;
            // The active segment, and one that is not wholly below every bound, are never touched.
            if (i == segments.Length - 1) break;
            if (segment.FirstTimestamp > 0) oldest = Math.Min(oldest, segment.FirstTimestamp);
            if (uncleanable < segment.BaseOffset) continue;
            if (segment.EndOffset > limit || (settings.MinLag > 0 && segment.GreatestTimestamp > now - settings.MinLag)) continue;
            dirtyBytes += segment.Bytes;
            uncleanable = segment.EndOffset;
        }

        var until = now - Math.Max(settings.MaxLag, 0);
        return new CleanableRange(dirty, uncleanable, cleanBytes, dirtyBytes, oldest < until ? until - oldest : 0, isReset);
    }
}
