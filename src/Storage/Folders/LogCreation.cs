using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Folders;

/// <summary>
/// Makes the logs of new partitions, or finishes those whose making was interrupted. Nothing of it counts before it is
/// flushed and their recovery points are saved: that entry is what tells a partition that is new from one that is lost.
/// </summary>
internal sealed class LogCreation(LogDisk disk, string dataFolder, FolderCheckpoints checkpoints, Random chance)
{
    /// <summary>Makes them all in the page cache; what fails is offline.</summary>
    public void Run(IReadOnlyList<PendingLog> logs)
    {
        if (logs.Count == 0) return;
        var others = new List<PendingLog>();
        foreach (var log in logs)
        {
            log.Try(() => FlushLeft(log.Hosted));
            if (log.IsDecided) continue;
            if (IsOthers(log.Hosted)) others.Add(log);
            checkpoints.Remove(log.Hosted.Name);
        }

        try
        {
            // The checkpoints go by the name: entries that a log has left that was deleted or is set aside must be gone
            // before there is a folder of that name again. A recovery point would make a log that is half made look lost,
            // a start offset would hide what is written to it.
            checkpoints.SaveAll();
        }
        catch (DiskException failure)
        {
            foreach (var log in logs) log.Offline($"{log.Hosted.Name} could not be made: {failure.Message}");
            return;
        }

        foreach (var log in others) log.Try(() => SetAside(log));
        foreach (var log in logs)
        {
            if (!log.IsDecided) log.Try(() => Make(log));
        }
    }

    /// <summary>Makes known, durably, those that are on disk; where that fails they are offline.</summary>
    public void Commit(IReadOnlyList<PendingLog> logs)
    {
        foreach (var log in logs)
        {
            if (log.Log is null) continue;
            log.Log.Opened();
            checkpoints.Put(log.Hosted, log.Log, null);
        }

        try
        {
            checkpoints.SaveAll();
        }
        catch (DiskException failure)
        {
            foreach (var log in logs)
            {
                if (log.Log is null) continue;
                checkpoints.Remove(log.Hosted.Name);
                log.Offline($"{log.Hosted.Name} could not be made: {failure.Message}");
            }
        }
    }

    /// <summary>Whether a folder's log holds nothing: then it may be one whose making was interrupted.</summary>
    public static bool IsEmpty(IFileSystem disk, string folder)
    {
        foreach (var entry in disk.List(folder))
        {
            if (entry.Length > 0 && entry.Name.EndsWith(SegmentName.Log, StringComparison.Ordinal)) return false;
        }

        return true;
    }

    /// <summary>
    /// A folder that holds no records may be one of a log that was being emptied when its process was killed: until its names
    /// are on disk a power failure would bring the records back, and nobody would know any more where they start.
    /// </summary>
    private void FlushLeft(HostedLog hosted)
    {
        var folder = PathOf(hosted);
        if (disk.Files.FolderExists(folder)) disk.Files.FlushFolder(folder);
    }

    private void Make(PendingLog log)
    {
        var folder = PathOf(log.Hosted);
        if (disk.Files.FolderExists(folder) && !IsEmpty(disk.Files, folder))
        {
            log.Offline($"{log.Hosted.Name} could not be made: {folder} holds records already; move it away, or start again to have it opened");
            return;
        }

        disk.Files.CreateFolder(folder);
        // Written over, and not replaced: what an interrupted making has left of it is nobody's.
        var path = Path.Combine(folder, PartitionMetadata.FileName);
        using (var file = disk.Files.Open(path, OpenMode.ExistingOrNew))
        {
            file.SetLength(0);
            file.Write(0, new PartitionMetadata(log.Hosted.TopicId).ToBytes());
        }

        log.Loaded(LogLoader.Load(disk, folder, new LogLoadRequest(0, 0, WasClosed: false, 0, log.Hosted.Settings), log.Notes));
        log.MustFlush(path);
        foreach (var segment in log.Log!.Segments.All) log.MustFlush(segment.File.Path);
        log.MustFlush(folder);
        log.MustFlush(dataFolder);
    }

    private bool IsOthers(HostedLog hosted)
    {
        var path = Path.Combine(PathOf(hosted), PartitionMetadata.FileName);
        try
        {
            return PartitionMetadata.Read(disk.Files, path) is { } metadata && metadata.TopicId != hosted.TopicId;
        }
        catch (DamagedFileException)
        {
            return false;
        }
    }

    /// <summary>The folder of a topic that is gone, whose name a topic of today has: it gives up the name, and nothing else of it is touched.</summary>
    private void SetAside(PendingLog log)
    {
        var path = PathOf(log.Hosted);
        var aside = Path.Combine(dataFolder, LeavingName.ForStray(log.Hosted.Name, RandomId.Next(chance)));
        disk.Files.Rename(path, aside);
        log.Notes.Add(new RecoveryNote(RecoveryRow.W8, aside,
            $"{path} belongs to another topic that had the name before, not to the one with id {log.Hosted.TopicId}: renamed to {aside}, otherwise left alone; delete it when nobody misses it",
            IsAlarm: true));
    }

    private string PathOf(HostedLog hosted) => Path.Combine(dataFolder, hosted.Name.ToString());
}
