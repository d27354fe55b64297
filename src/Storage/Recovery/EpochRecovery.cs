using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Recovery;

/// <summary>Which leader's epoch wrote which offsets, brought into agreement with the batches that are there.</summary>
internal sealed class EpochRecovery(IFileSystem disk, string folder, List<RecoveryNote> notes)
{
    /// <summary>Reads the file; one that is damaged is built again from the batches.</summary>
    public LeaderEpochCache Open(List<LogSegment> segments)
    {
        var path = Path.Combine(folder, LeaderEpochCheckpoint.FileName);
        var checkpoint = new LeaderEpochCheckpoint(disk, path);
        try
        {
            return new LeaderEpochCache(checkpoint);
        }
        catch (DamagedFileException damaged)
        {
            notes.Add(new RecoveryNote(RecoveryRow.F9, path, $"{damaged.Message}; built again from the batches"));
            disk.DeleteFile(path);
            var epochs = new LeaderEpochCache(checkpoint);
            foreach (var start in StartsBelow(segments, long.MinValue, long.MaxValue)) epochs.Assign(start.Epoch, start.Offset);
            return epochs;
        }
    }

    /// <summary>Drops what lies above the end, but for the greatest epoch, and below the start, and takes in what the file no longer has.</summary>
    public void Fit(LeaderEpochCache epochs, List<LogSegment> segments, long start, long end, bool wasClosed)
    {
        var before = epochs.Latest;
        epochs.EndAt(end);
        if (before is { } latest && epochs.Latest != latest && latest.Offset > end)
            notes.Add(new RecoveryNote(RecoveryRow.F9, folder, $"{folder}: epoch {latest.Epoch} from offset {latest.Offset} on lies above the end {end}; it stays, as one that has written nothing yet"));

        // The start had moved up, the file had followed, and then the power went before the move was on disk itself.
        var known = epochs.Earliest?.Offset ?? end;
        if (!wasClosed && known > start) epochs.Precede(StartsBelow(segments, start, known));
        epochs.TruncateFromStart(start);
    }

    /// <summary>The epochs of the batches that reach a first offset, and begin below a last one.</summary>
    private static List<EpochStart> StartsBelow(List<LogSegment> segments, long from, long upTo)
    {
        var starts = new List<EpochStart>();
        for (var i = 0; i < segments.Count && segments[i].BaseOffset < upTo; i++)
        {
            if (i + 1 < segments.Count && segments[i + 1].BaseOffset <= from) continue;
            // What lies behind damage is the tail's recovery's to read; it goes on with the epochs.
            if (!TryRead(segments[i], from, upTo, starts)) break;
        }

        return starts;
    }

    private static bool TryRead(LogSegment segment, long from, long upTo, List<EpochStart> starts)
    {
        var file = segment.File.Hold();
        try
        {
            var headers = new BatchHeaders(file, 0, segment.Length, stackalloc byte[BatchHeaders.BufferSize]);
            while (headers.MoveNext() && headers.BaseOffset < upTo)
            {
                if (headers.LastOffset < from || headers.LeaderEpoch < 0) continue;
                if (starts.Count == 0 || headers.LeaderEpoch > starts[^1].Epoch) starts.Add(new EpochStart(headers.LeaderEpoch, headers.BaseOffset));
            }

            return true;
        }
        catch (LogDamageException)
        {
            return false;
        }
        finally
        {
            segment.File.LetGo();
        }
    }
}
