using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;

namespace Moldau.Bench.Rows.Logs;

/// <summary>Logs on the real disk.</summary>
internal static class BenchLog
{
    public static LogDisk NewDisk() => new(new DiskFileSystem(), TimeProvider.System);

    public static PartitionLog New(LogDisk disk, string folder, LogSettings settings)
    {
        DurableFolder.Ensure(disk.Files, folder);
        var opened = LogLoader.Load(disk, folder, new LogLoadRequest(RecoveryPoint: 0, StartOffset: 0, WasClosed: false, CompactedUpTo: 0, settings));
        opened.Log.Opened();
        return opened.Log;
    }

    /// <summary>Drops what it holds; offsets and the epoch go on.</summary>
    public static void Empty(PartitionLog log)
    {
        log.Roll();
        log.MoveStart(log.EndOffset);
        log.RemoveExpired(log.EndOffset);
    }

    public static void Append(PartitionLog log, byte[] batch)
    {
        var result = log.Append(batch, leaderEpoch: 0);
        if (result.Outcome != AppendOutcome.Appended)
            throw new InvalidOperationException($"{log.Folder}: {result.Outcome}, {log.Fault?.Reason ?? log.LastFailure?.Message}");
    }
}
