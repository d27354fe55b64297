using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Folders;

/// <summary>
/// Brings all logs of a folder to disk, to their ends, at a stop, and says what does not let it be an orderly one.
/// </summary>
internal static class LogClosing
{
    public static void Run(LogDisk disk, FolderCheckpoints checkpoints, List<string> obstacles)
    {
        foreach (var place in checkpoints.Places())
        {
            if (place is { Hosted: not null, Log: null }) obstacles.Add(place.OfflineReason!);
        }

        foreach (var log in checkpoints.Logs)
        {
            if (log.Fault is null && !log.TryCheckpoint(closes: true)) obstacles.Add($"{log.Name}: {log.LastFailure?.Message}");
        }

        // All at once, where there is much of it. Logs with faults are told why they have them.
        while (disk.Flusher.RunRound())
        {
        }

        foreach (var log in checkpoints.Logs)
        {
            if (log.Fault is { } fault) obstacles.Add(fault.Reason);
            else if (log.RecoveryPoint != log.EndOffset) obstacles.Add($"{log.Name} ends at {log.EndOffset}, and is on disk only up to {log.RecoveryPoint}");
        }

        try
        {
            checkpoints.SaveAll();
            checkpoints.SaveClosedLengths();
        }
        catch (DiskException failure)
        {
            obstacles.Add(failure.Message);
        }
    }
}
