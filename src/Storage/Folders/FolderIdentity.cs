using System.Globalization;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Folders;

/// <summary>Whose a data folder is, as its meta.properties says.</summary>
internal sealed class FolderIdentity(IFileSystem disk, string folder, DataFolderOptions options)
{
    // Files of a folder that was being made when its process died, or that were there before it.
    private static readonly string[] s_allowed =
    [
        FolderLock.FileName, FolderLock.OwnerFileName, "lost+found", MetaProperties.FileName + ".tmp",
        OffsetCheckpoint.RecoveryPoint, OffsetCheckpoint.LogStart, OffsetCheckpoint.Cleaner,
        OffsetCheckpoint.RecoveryPoint + ".tmp", OffsetCheckpoint.LogStart + ".tmp", OffsetCheckpoint.Cleaner + ".tmp",
    ];

    private string MetaPath => Path.Combine(folder, MetaProperties.FileName);

    /// <summary>Refuses a folder that must not be opened; it is not touched.</summary>
    /// <returns>Null where the folder is new.</returns>
    /// <exception cref="FolderRefusedException">It is another's, or of another format.</exception>
    public MetaProperties? Check()
    {
        if (!disk.FolderExists(folder)) return null;
        if (MetaProperties.Read(disk, MetaPath) is not { } meta)
        {
            EnsureEmpty();
            return null;
        }

        // The format first: what a newer one means by the ids nobody knows.
        options.Format.Check(meta, MetaPath, options.Upgrades);
        if (options.ClusterId is { } cluster && cluster != meta.ClusterId) throw Foreign("cluster", meta.ClusterId, cluster);
        if (options.NodeId != meta.NodeId) throw Foreign("node", Text(meta.NodeId), Text(options.NodeId));
        return meta;
    }

    /// <summary>Checks again, under the lock, and makes or upgrades what is to be made or upgraded.</summary>
    public MetaProperties Establish(out bool isNew)
    {
        var meta = Check();
        isNew = meta is null;
        if (meta is null) return Make();
        if (meta.DirectoryId is null)
        {
            // Kafka, too, gives one to a folder that is older than these ids.
            meta = meta with { DirectoryId = RandomId.Next(options.Chance) };
            meta.Write(disk, MetaPath);
        }

        return options.Format.Upgrade(disk, folder, meta);
    }

    private MetaProperties Make()
    {
        FolderCheckpoints.EnsureFiles(disk, folder);
        var cluster = options.ClusterId ?? RandomId.Next(options.Chance).ToString();
        var meta = new MetaProperties(cluster, options.NodeId, RandomId.Next(options.Chance), options.Format.Current);
        // Last: a folder that has it is whole.
        meta.Write(disk, MetaPath);
        return meta;
    }

    private void EnsureEmpty()
    {
        foreach (var entry in disk.List(folder))
        {
            if (Array.IndexOf(s_allowed, entry.Name) >= 0) continue;
            throw new FolderRefusedException(RecoveryRow.W2,
                $"{folder} holds {entry.Name} but no {MetaProperties.FileName}, so nobody can tell whose it is; nothing was touched: restore that file from a copy, or give an empty folder");
        }
    }

    private FolderRefusedException Foreign(string what, string found, string ours) => new(RecoveryRow.W2,
        $"{MetaPath}: the folder belongs to {what} {found}, this process is {what} {ours}; nothing was touched: give the folder of {what} {ours}, or an empty one");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
