namespace Moldau.Storage.Files;

/// <summary>Folders that are there after a crash.</summary>
public static class DurableFolder
{
    /// <summary>
    /// Creates what is missing of the path, from the top. A folder's name is durable only once the folder above it is
    /// flushed; that is done also where the folder was there, since who made it may have died before.
    /// </summary>
    public static void Ensure(IFileSystem disk, string path)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var above = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path)) ?? "";
        if (above.Length > 0 && !disk.FolderExists(above)) Ensure(disk, above);
        disk.CreateFolder(path);
        disk.FlushFolder(above);
    }
}
