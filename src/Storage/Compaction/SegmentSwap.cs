using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Compaction;

/// <summary>
/// Puts a compacted segment in place of those it was made from, in the turn of the log's writer. After a crash at any point
/// a start finds either the originals whole, or the new segment with a name that says it is to take their place.
/// </summary>
internal static class SegmentSwap
{
    /// <param name="log">Whose.</param>
    /// <param name="originals">Neighbours, all of them closed.</param>
    /// <param name="cleaned">What is left of them, on disk.</param>
    /// <param name="end">The offset behind the last original.</param>
    /// <param name="generation">The log's when the pass began.</param>
    /// <exception cref="LogChangedException">They are no longer the log's; nothing was touched.</exception>
    /// <exception cref="DiskException">Nothing was touched either, unless the log has failed.</exception>
    public static void Run(PartitionLog log, ReadOnlySpan<LogSegment> originals, CleanedSegment cleaned, long end, int generation)
    {
        var first = PlaceOf(log, originals, end, generation);
        MarkFinished(log, cleaned);
        try
        {
            // Before anything of the originals goes, the new one must be there to stay.
            log.Disk.Files.FlushFolder(log.Folder);
            var replacement = new LogSegment(log.Disk, log.Folder, cleaned.BaseOffset, cleaned.Length, SegmentName.Log + SegmentName.Swap)
            {
                Created = originals[^1].Created,
            };
            replacement.Adopt(cleaned.Indexes);
            // The list before the files: a reader that comes to a deleted segment looks for a newer list.
            log.Replace(log.Segments.Replace(first, originals.Length, replacement));
            for (var i = originals.Length - 1; i >= 0; i--) originals[i].Delete();
            cleaned.PlaceIndexes();
            replacement.File.Rename(replacement.PathOf(SegmentName.Log));
            log.Disk.Files.FlushFolder(log.Folder);
            replacement.LetIndexesGo();
        }
        catch (DiskException failure)
        {
            Fail(log, failure);
            throw;
        }
    }

    /// <summary>Where the disk refuses a name, all of them are taken back, or a start would put in place what is outdated by then.</summary>
    private static void MarkFinished(PartitionLog log, CleanedSegment cleaned)
    {
        try
        {
            cleaned.MarkFinished();
        }
        catch (DiskException)
        {
            try
            {
                cleaned.Discard();
                log.Disk.Files.FlushFolder(log.Folder);
            }
            catch (DiskException failure)
            {
                Fail(log, failure);
            }

            throw;
        }
    }

    /// <summary>What the folder holds is in doubt until a start has looked at it.</summary>
    private static void Fail(PartitionLog log, DiskException failure) => log.Fail(new LogFault(
        $"{log.Name} takes no more appends, a compacted segment could not be put in place: {failure.Message}; look at the disk, then start again", failure));

    private static int PlaceOf(PartitionLog log, ReadOnlySpan<LogSegment> originals, long end, int generation)
    {
        if (log.Fault is { } fault) throw new LogChangedException(log.Name, fault.Reason);
        if (log.Flushing.Generation != generation) throw new LogChangedException(log.Name, "it was truncated");
        var segments = log.Segments;
        var first = segments.IndexOf(originals[0].BaseOffset);
        // The last of a log is the one that grows.
        if (first + originals.Length >= segments.Count || !segments.All.Slice(first, originals.Length).SequenceEqual(originals))
            throw new LogChangedException(log.Name, $"segments from offset {originals[0].BaseOffset} on are gone");
        if (log.RecoveryPoint < end) throw new LogChangedException(log.Name, $"its recovery point is {log.RecoveryPoint}, below {end}");
        return first;
    }
}
