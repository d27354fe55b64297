using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Folders;

/// <summary>A partition on its way to being served: its log is there, and what it stands on may not be on disk yet.</summary>
internal sealed class PendingLog(HostedLog hosted)
{
    private readonly List<string> _unflushed = [];

    public HostedLog Hosted { get; } = hosted;

    public PartitionLog? Log { get; private set; }

    public string? OfflineReason { get; private set; }

    /// <summary>There was nothing to load: it is a new one.</summary>
    public bool IsMade { get; set; }

    public OpenedLog Outcome => new(Hosted, Log, OfflineReason);

    public bool IsDecided => Log is not null || OfflineReason is not null;

    public IReadOnlyList<string> Unflushed => _unflushed;

    public List<RecoveryNote> Notes { get; } = [];

    /// <summary>It is open already.</summary>
    public void Found(PartitionLog log) => Log = log;

    public void Loaded(LogLoadResult loaded)
    {
        Log = loaded.Log;
        _unflushed.AddRange(loaded.Unflushed);
    }

    public void MustFlush(string path) => _unflushed.Add(path);

    public void Offline(string reason)
    {
        Log?.Release();
        Log = null;
        OfflineReason = reason;
        _unflushed.Clear();
    }

    public void Offline(RecoveryRow row, string path, string message)
    {
        Notes.Add(new RecoveryNote(row, path, message, IsAlarm: true));
        Offline(message);
    }

    /// <summary>Runs something of this log alone: where it fails the others go on.</summary>
    public void Try(Action step)
    {
        try
        {
            step();
        }
        catch (LogMissingException missing)
        {
            Offline(RecoveryRow.W9, missing.Folder, missing.Message);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whatever it is that lies in its folder, it is one partition's.
            Offline($"{Hosted.Name} is offline: {failure.Message}");
        }
    }

    /// <summary>Brings to disk what the logs stand on: all at once where there is much of it.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="logs">Those whose files fail are offline afterwards.</param>
    public static void Flush(IFileSystem disk, string folder, IReadOnlyList<PendingLog> logs)
    {
        var paths = 0;
        foreach (var log in logs) paths += log.Unflushed.Count;
        if (paths > Flusher.FewFiles && TryFlushTogether(disk, folder, logs)) return;
        foreach (var log in logs) log.Try(() => log.FlushEach(disk));
    }

    private static bool TryFlushTogether(IFileSystem disk, string folder, IReadOnlyList<PendingLog> logs)
    {
        try
        {
            return disk.TryFlushDisk(folder);
        }
        catch (DiskException failure)
        {
            // It does not say whose pages were lost.
            foreach (var log in logs)
            {
                if (log.Unflushed.Count > 0) log.Offline($"{log.Hosted.Name} is offline: {failure.Message}");
            }

            return true;
        }
    }

    private void FlushEach(IFileSystem disk)
    {
        foreach (var path in _unflushed)
        {
            if (disk.FolderExists(path))
            {
                disk.FlushFolder(path);
                continue;
            }

            using var file = disk.Open(path, OpenMode.Existing);
            file.Flush();
        }
    }
}
