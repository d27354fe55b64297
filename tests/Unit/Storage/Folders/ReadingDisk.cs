using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Folders;

/// <summary>Notes the files that are opened.</summary>
internal sealed class ReadingDisk(IFileSystem disk, List<string> opened) : IFileSystem
{
    public IFile Open(string path, OpenMode mode)
    {
        lock (opened) opened.Add(path);
        return disk.Open(path, mode);
    }

    public IReadOnlyList<FolderEntry> List(string folder) => disk.List(folder);

    public bool FileExists(string path) => disk.FileExists(path);

    public bool FolderExists(string path) => disk.FolderExists(path);

    public void CreateFolder(string path) => disk.CreateFolder(path);

    public void Rename(string path, string newPath) => disk.Rename(path, newPath);

    public void DeleteFile(string path) => disk.DeleteFile(path);

    public void DeleteFolder(string path) => disk.DeleteFolder(path);

    public void FlushFolder(string path) => disk.FlushFolder(path);

    public bool TryFlushDisk(string path) => disk.TryFlushDisk(path);

    public long FreeSpace(string path) => disk.FreeSpace(path);

    public IDisposable? TryLock(string path) => disk.TryLock(path);
}
