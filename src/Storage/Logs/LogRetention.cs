using Moldau.Storage.Files;

namespace Moldau.Storage.Logs;

/// <summary>Which segments are dropped from a log's beginning: those below its start, those too old, those too many.</summary>
internal static class LogRetention
{
    public static long Run(PartitionLog log, long upTo)
    {
        if (log.Fault is not null) return 0;
        RollExpired(log, upTo);
        var segments = log.Segments;
        var count = CountDroppable(log, segments, Math.Min(upTo, log.EndOffset));
        if (count == 0) return 0;

        log.MoveStart(Math.Max(log.StartOffset, segments[count].BaseOffset));
        var dropped = 0L;
        for (var i = 0; i < count; i++)
        {
            // The list first: a reader that comes to a deleted segment looks for a newer list.
            log.Replace(segments.From(i + 1));
            dropped += segments[i].Length;
            Delete(log, segments, i);
        }

        return dropped;
    }

    /// <summary>One that cannot be deleted stays in the log, and so do those behind it: later ones alone would leave a gap.</summary>
    private static void Delete(PartitionLog log, SegmentList segments, int index)
    {
        try
        {
            segments[index].Delete();
        }
        catch (DiskException)
        {
            if (log.Disk.Files.FileExists(segments[index].File.Path)) log.Replace(segments.From(index));
            throw;
        }
    }

    /// <summary>The last segment, too, goes when all of it is too old: behind a new one, which keeps the end.</summary>
    private static void RollExpired(PartitionLog log, long upTo)
    {
        var settings = log.Settings;
        if (!settings.Deletes || settings.RetentionMilliseconds < 0 || log.EndOffset > upTo) return;
        var last = log.Segments.Last;
        if (last.Length > 0 && IsTooOld(last, log.Disk.Now, settings)) log.Roll();
    }

    private static int CountDroppable(PartitionLog log, SegmentList segments, long upTo)
    {
        var settings = log.Settings;
        var now = log.Disk.Now;
        var excess = settings is { Deletes: true, RetentionBytes: >= 0 } ? log.Size - settings.RetentionBytes : -1;
        var count = 0;
        // The last one stays, and so does whatever is not below the limit as a whole.
        while (count < segments.Count - 1 && segments[count + 1].BaseOffset <= upTo)
        {
            var segment = segments[count];
            var isBelowStart = segments[count + 1].BaseOffset <= log.StartOffset;
            var isTooMany = excess >= segment.Length;
            var isTooOld = settings is { Deletes: true, RetentionMilliseconds: >= 0 } && IsTooOld(segment, now, settings);
            if (!isBelowStart && !isTooMany && !isTooOld) break;
            excess -= segment.Length;
            count++;
        }

        return count;
    }

    private static bool IsTooOld(LogSegment segment, long now, LogSettings settings)
    {
        var youngest = segment.MaxTimestamp;
        return now - (youngest >= 0 ? youngest : segment.Created) > settings.RetentionMilliseconds;
    }
}
