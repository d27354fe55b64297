using Moldau.Storage.Files;

namespace Moldau.Storage.Folders;

/// <summary>Finds out who is in a data folder, without going in.</summary>
public static class FolderHolder
{
    /// <returns>Who it says it is; null where nobody is in it.</returns>
    /// <exception cref="DiskException">The folder may not be looked at.</exception>
    public static string? Find(IFileSystem disk, string folder)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var path = Path.Combine(folder, FolderLock.FileName);
        if (!disk.FileExists(path)) return null;
        using var held = disk.TryLock(path);
        return held is null ? FolderLock.ReadOwner(disk, Path.Combine(folder, FolderLock.OwnerFileName)) : null;
    }
}
