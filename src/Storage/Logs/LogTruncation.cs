namespace Moldau.Storage.Logs;

/// <summary>
/// Cuts a log from its end. Each step is on disk before the next is made: the recovery point goes down first, later
/// segments go from the last on, and nothing is appended before the cut can no longer be undone by a crash.
/// </summary>
internal static class LogTruncation
{
    public static void Run(PartitionLog log, long offset)
    {
        var segments = log.Segments;
        var index = segments.IndexOf(offset);
        var segment = segments[index];
        var (position, end) = PlaceOf(segment, offset);
        // The producers' states are built anew from the start on: it must not go back to before what they then forget.
        log.Disk.SaveStartOffsets?.Invoke();
        log.LowerRecoveryPoint(end);
        log.Epochs.TruncateFromEnd(end);
        log.Epochs.Save();

        var kept = segments.UpTo(index + 1);
        log.CutTo(kept, end);
        for (var i = segments.Count - 1; i > index; i--) segments[i].Delete();
        // Before the cut: a later segment that is found behind a cut one looks like a log that has lost its middle.
        log.Disk.Files.FlushFolder(log.Folder);
        segment.TruncateTo(position, end);
        log.ReloadProducers();
        // Once more: what is readable has changed since.
        log.CutTo(kept, end);
    }

    public static void StartAt(PartitionLog log, long offset)
    {
        var segments = log.Segments;
        var startsLower = offset < log.StartOffset;
        // None at all: a crash may find the log without a segment, which is a loss where there is a point.
        log.LowerRecoveryPoint(LogFlushing.NoPoint);
        log.Epochs.TruncateFromEnd(0);
        log.Epochs.Save();
        for (var i = segments.Count - 1; i >= 0; i--) segments[i].Delete();
        // The names are gone before the new one comes: it may be one of them.
        log.Disk.Files.FlushFolder(log.Folder);
        log.ForgetProducers(offset);
        var created = LogSegment.Create(log.Disk, log.Folder, offset);
        log.Disk.Files.FlushFolder(log.Folder);
        log.BeginAnew(new SegmentList([created]), offset);
        log.Disk.SaveRecoveryPoints?.Invoke();
        // The old one would hide what is written from now on.
        if (startsLower) log.Disk.SaveStartOffsets?.Invoke();
    }

    /// <summary>Where the batch that holds the offset begins, which is where the log ends from now on.</summary>
    private static (int Position, long End) PlaceOf(LogSegment segment, long offset)
    {
        var length = segment.Length;
        var file = segment.File.Hold();
        try
        {
            var (position, size, baseOffset) = SegmentSearch.Find(segment, file, offset, length);
            return size == 0 ? (length, offset) : (position, Math.Min(offset, baseOffset));
        }
        finally
        {
            segment.File.LetGo();
        }
    }
}
