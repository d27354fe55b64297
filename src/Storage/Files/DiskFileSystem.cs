using System.IO.Enumeration;

namespace Moldau.Storage.Files;

/// <summary>The real disk.</summary>
public sealed class DiskFileSystem : IFileSystem
{
    private static readonly EnumerationOptions s_everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    public IFile Open(string path, OpenMode mode)
    {
        var fileMode = mode switch
        {
            OpenMode.New => FileMode.CreateNew,
            OpenMode.Existing => FileMode.Open,
            _ => FileMode.OpenOrCreate,
        };
        return DiskCall.Run("open", path, () => new DiskFile(
            path, File.OpenHandle(path, fileMode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete)));
    }

    public IReadOnlyList<FolderEntry> List(string folder) => DiskCall.Run("list", folder, () =>
    {
        var found = new FileSystemEnumerable<FolderEntry>(
            folder, static (ref entry) => new FolderEntry(entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory ? 0 : entry.Length), s_everything);
        var entries = new List<FolderEntry>();
        foreach (var entry in found)
        {
            // One that was deleted since its name was read has no length, and is no part of the folder any more.
            if (entry.Length > 0 || entry.IsFolder || File.Exists(System.IO.Path.Combine(folder, entry.Name))) entries.Add(entry);
        }

        return entries;
    });

    public bool FileExists(string path) => File.Exists(path);

    public bool FolderExists(string path) => Directory.Exists(path);

    public void CreateFolder(string path) => DiskCall.Run("create folder", path, () =>
    {
        if (File.Exists(path)) throw new DiskException(DiskFault.Exists, "create folder", path, "it is a file");
        return Directory.CreateDirectory(path);
    });

    public void Rename(string path, string newPath)
    {
        RenameRule.Require(path, newPath);
        DiskCall.Run("rename", path, () =>
        {
            var isFolder = Directory.Exists(path);
            if (!isFolder && !File.Exists(path)) throw new FileNotFoundException("it is not there");
            // The system would replace an empty folder, and .NET says what stands in the way differently for each kind.
            if (path != newPath && (Directory.Exists(newPath) || (isFolder && File.Exists(newPath))))
                throw new DiskException(DiskFault.Exists, "rename", newPath, "it exists already");
            if (!isFolder) File.Move(path, newPath, overwrite: true);
            else if (path != newPath) Directory.Move(path, newPath);
            return true;
        });
    }

    public void DeleteFile(string path) => DiskCall.Run("delete", path, () =>
    {
        // File.Delete is silent about a file that is not there.
        if (!File.Exists(path)) throw new FileNotFoundException("no such file");
        File.Delete(path);
        return true;
    });

    public void DeleteFolder(string path) => DiskCall.Run("delete folder", path, () =>
    {
        if (!Directory.Exists(path)) throw new DirectoryNotFoundException("no such folder");
        Directory.Delete(path, recursive: false);
        return true;
    });

    public void FlushFolder(string path) => NativeDisk.FlushFolder(OrHere(path));

    public bool TryFlushDisk(string path) => NativeDisk.TryFlushDisk(OrHere(path));

    public long FreeSpace(string path) => DiskCall.Run("ask the free space of", path, () => new DriveInfo(System.IO.Path.GetFullPath(path)).AvailableFreeSpace);

    public IDisposable? TryLock(string path) => DiskLock.TryTake(path);

    private static string OrHere(string path) => path.Length == 0 ? "." : path;
}
