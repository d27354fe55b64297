using Moldau.Protocol.Primitives;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Moving;

/// <summary>What a data folder does with copies of logs, its own given away and others' taken in. Any thread may call it.</summary>
public sealed class LogHandover
{
    private readonly Lock _changing;
    private readonly LogDisk _disk;
    private readonly string _dataFolder;
    private readonly FolderCheckpoints _checkpoints;
    private readonly LogDeletion _deletion;
    private readonly Random _chance;

    internal LogHandover(Lock changing, LogDisk disk, string dataFolder, FolderCheckpoints checkpoints, LogDeletion deletion, Random chance)
    {
        _changing = changing;
        _disk = disk;
        _dataFolder = dataFolder;
        _checkpoints = checkpoints;
        _deletion = deletion;
        _chance = chance;
    }

    /// <summary>A copy that is to be made here.</summary>
    public LogCopy Begin(HostedLog hosted, PartitionLog from, Uuid fromDirectory)
    {
        ArgumentNullException.ThrowIfNull(hosted);
        lock (_changing) return new LogCopy(_disk, _dataFolder, LeavingName.ForFuture(hosted.Name, RandomId.Next(_chance)), hosted, from, fromDirectory);
    }

    /// <summary>
    /// The checkpoints name a complete copy, durably: from now on it is what a start opens, unless the log that it is of is
    /// still there.
    /// </summary>
    /// <exception cref="DiskException">They may, or not.</exception>
    public void Take(LogCopy copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        lock (_changing)
        {
            _checkpoints.Put(copy.Hosted, copy.Log, null);
            _checkpoints.SaveAll();
        }
    }

    /// <summary>
    /// A log of this folder goes, durably, because its copy elsewhere is complete. Here is where the one becomes the other:
    /// it is one folder's new name.
    /// </summary>
    /// <exception cref="DiskException">Nobody knows which of the two a start will find; nothing may be appended to either.</exception>
    public void GiveAway(LogIdentity log)
    {
        lock (_changing) _deletion.GiveAway(log);
    }

    /// <summary>The log that was copied is gone for good: this one is no copy any more.</summary>
    public void Settle(PartitionName name)
    {
        lock (_changing)
        {
            try
            {
                MovingMark.Delete(_disk.Files, PathOf(name));
            }
            catch (DiskException)
            {
                // The next start finds it without its source, and tries again.
            }
        }
    }

    /// <summary>Nobody knows whether a start will find this copy or its source: until then it takes nothing.</summary>
    public void SetOffline(LogCopy copy, string reason)
    {
        ArgumentNullException.ThrowIfNull(copy);
        lock (_changing)
        {
            copy.Release();
            _checkpoints.Put(copy.Hosted, null, reason);
        }
    }

    /// <summary>Removes a copy that is not wanted any more; its files go with a later tick.</summary>
    /// <exception cref="DiskException">It is there still; the next start removes it.</exception>
    public void Discard(LogCopy copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        lock (_changing)
        {
            copy.Release();
            if (_disk.Files.FolderExists(copy.Making)) _deletion.Finish([Path.GetFileName(copy.Making)]);
            if (MovingMark.IsIn(_disk.Files, copy.Folder)) _deletion.Run([new LogIdentity(copy.Hosted.Name, copy.Hosted.TopicId)]);
        }
    }

    /// <summary>
    /// Of which data folder's log the folder of this partition is a copy, by that one's directory id: zero where nobody can
    /// tell any more, null where it is no copy.
    /// </summary>
    public Uuid? SourceOf(PartitionName name)
    {
        try
        {
            return MovingMark.Read(_disk.Files, PathOf(name));
        }
        catch (DiskException)
        {
            return default(Uuid);
        }
    }

    private string PathOf(PartitionName name) => Path.Combine(_dataFolder, name.ToString());
}
