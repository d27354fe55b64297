using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Folders;

/// <summary>
/// Deletes logs: the folder gets a name that nobody serves, which is one step; then the checkpoints forget it; then its
/// files go. Each is on disk before the next begins, and what a crash interrupts is gone on with at the next start.
/// </summary>
internal sealed class LogDeletion(IFileSystem disk, string dataFolder, FolderCheckpoints checkpoints, Random chance)
{
    private readonly Lock _sync = new();

    // Renamed, and nobody knows yet whether that is on disk.
    private readonly List<string> _renamed = [];

    // Renamed for good: their files may go once the checkpoints do not name them any more.
    private readonly List<string> _leaving = [];

    /// <summary>Why a folder could not be removed yet.</summary>
    public DiskException? LastFailure { get; private set; }

    /// <exception cref="DiskException">Some are not deleted, or not durably.</exception>
    public void Run(IReadOnlyCollection<LogIdentity> logs)
    {
        lock (_sync)
        {
            DiskException? failure = null;
            var deleted = new List<PartitionName>(logs.Count);
            foreach (var log in logs)
            {
                try
                {
                    if (TryRename(log)) deleted.Add(log.Name);
                }
                catch (DiskException refused)
                {
                    failure ??= refused;
                }
            }

            FlushNames();
            foreach (var name in deleted) checkpoints.Remove(name);
            checkpoints.SaveAll();
            if (failure is not null) throw failure;
        }
    }

    /// <summary>
    /// As <see cref="Run"/>, of one whose copy lies in another folder. That the checkpoints still name it does no harm as
    /// long as its new name has not lost the file that says whose it was.
    /// </summary>
    /// <exception cref="DiskException">It may be there still, or not.</exception>
    public void GiveAway(LogIdentity log)
    {
        lock (_sync)
        {
            TryRename(log);
            FlushNames();
            checkpoints.Remove(log.Name);
            try
            {
                checkpoints.SaveAll();
            }
            catch (DiskException)
            {
                // It is told as their last failure, and tried again with the next tick.
            }
        }
    }

    /// <summary>Deletions that a start has found unfinished.</summary>
    public void Finish(IReadOnlyList<string> leaving)
    {
        lock (_sync) _leaving.AddRange(leaving);
    }

    /// <summary>Removes what may go. A file that is still read from lives on without a name.</summary>
    public void GoOn()
    {
        lock (_sync)
        {
            try
            {
                FlushNames();
                if (checkpoints.LastFailure is not null) return;
                while (_leaving.Count > 0)
                {
                    Remove(_leaving[^1]);
                    _leaving.RemoveAt(_leaving.Count - 1);
                }

                LastFailure = null;
            }
            catch (DiskException failure)
            {
                LastFailure = failure;
            }
        }
    }

    /// <summary>
    /// Whether the checkpoints may still name the partition that a folder was. As long as they may, it has the file that
    /// says whose it was: that one is the first to go.
    /// </summary>
    public static bool MayBeNamed(IFileSystem disk, string dataFolder, string leaving) =>
        disk.FileExists(Path.Combine(dataFolder, leaving, PartitionMetadata.FileName));

    /// <returns>False where there is nothing of it that could be deleted.</returns>
    private bool TryRename(LogIdentity log)
    {
        var path = Path.Combine(dataFolder, log.Name.ToString());
        if (checkpoints.Find(log.Name) is { Hosted: { } hosted } place)
        {
            if (hosted.TopicId != log.TopicId) return false;
            place.Log?.Release();
            checkpoints.Put(hosted, null, $"{log.Name} is being deleted");
        }
        else if (!IsOf(path, log))
        {
            return false;
        }

        if (!disk.FolderExists(path)) return true;
        var leaving = LeavingName.ForDeletion(log.Name, RandomId.Next(chance));
        disk.Rename(path, Path.Combine(dataFolder, leaving));
        _renamed.Add(leaving);
        return true;
    }

    private bool IsOf(string folder, LogIdentity log)
    {
        try
        {
            return PartitionMetadata.Read(disk, Path.Combine(folder, PartitionMetadata.FileName))?.TopicId == log.TopicId;
        }
        catch (DamagedFileException)
        {
            return false;
        }
    }

    private void FlushNames()
    {
        if (_renamed.Count == 0) return;
        disk.FlushFolder(dataFolder);
        _leaving.AddRange(_renamed);
        _renamed.Clear();
    }

    private void Remove(string leaving)
    {
        var folder = Path.Combine(dataFolder, leaving);
        if (!disk.FolderExists(folder)) return;
        var metadata = Path.Combine(folder, PartitionMetadata.FileName);
        if (disk.FileExists(metadata)) disk.DeleteFile(metadata);
        RemoveAll(folder);
    }

    private void RemoveAll(string folder)
    {
        foreach (var entry in disk.List(folder))
        {
            var path = Path.Combine(folder, entry.Name);
            if (entry.IsFolder) RemoveAll(path);
            else disk.DeleteFile(path);
        }

        disk.DeleteFolder(folder);
    }
}
