using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Folders;

/// <summary>The partitions that a folder's recovery points name.</summary>
/// <param name="names">Null where they cannot be read: it may have been any.</param>
internal sealed class RememberedLogs(HashSet<PartitionName>? names)
{
    public static RememberedLogs Read(IFileSystem disk, string folder)
    {
        try
        {
            var names = new HashSet<PartitionName>();
            foreach (var (topic, partition, _) in new SavedOffsets(disk, Path.Combine(folder, OffsetCheckpoint.RecoveryPoint)).Read()) names.Add(new PartitionName(topic, partition));
            return new RememberedLogs(names);
        }
        catch (IOException unreadable) when (unreadable is DamagedFileException or DiskException)
        {
            // The opening of the logs tells of it.
            return new RememberedLogs(null);
        }
    }

    public bool MayHave(PartitionName name) => names is null || names.Contains(name);
}
