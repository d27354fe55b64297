using Microsoft.Win32.SafeHandles;
using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>
/// A disk on which compaction is in too much of a hurry: it says that what it has written is flushed, or it takes the
/// original away before the name of its replacement has reached the disk.
/// </summary>
internal sealed class HastyDisk(IFileSystem disk, bool flushesCleaned = true, bool deletesEarly = false) : IFileSystem
{
    public IFile Open(string path, OpenMode mode)
    {
        var file = disk.Open(path, mode);
        return !flushesCleaned && path.EndsWith(".cleaned", StringComparison.Ordinal) ? new HastyFile(file) : file;
    }

    public IReadOnlyList<FolderEntry> List(string folder) => disk.List(folder);

    public bool FileExists(string path) => disk.FileExists(path);

    public bool FolderExists(string path) => disk.FolderExists(path);

    public void CreateFolder(string path) => disk.CreateFolder(path);

    public void Rename(string path, string newPath)
    {
        if (deletesEarly && path.EndsWith(".log.cleaned", StringComparison.Ordinal))
        {
            disk.DeleteFile(path[..^".cleaned".Length]);
            disk.FlushFolder(Path.GetDirectoryName(path)!);
        }

        disk.Rename(path, newPath);
    }

    public void DeleteFile(string path)
    {
        // The log deletes it a second time.
        if (disk.FileExists(path)) disk.DeleteFile(path);
    }

    public void DeleteFolder(string path) => disk.DeleteFolder(path);

    public void FlushFolder(string path) => disk.FlushFolder(path);

    public bool TryFlushDisk(string path) => disk.TryFlushDisk(path);

    public long FreeSpace(string path) => disk.FreeSpace(path);

    public IDisposable? TryLock(string path) => disk.TryLock(path);

    private sealed class HastyFile(IFile file) : IFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public SafeFileHandle? Handle => file.Handle;

        public int Read(long position, Span<byte> destination) => file.Read(position, destination);

        public void Write(long position, ReadOnlySpan<byte> source) => file.Write(position, source);

        public void SetLength(long length) => file.SetLength(length);

        public void Reserve(long length) => file.Reserve(length);

        public void Flush()
        {
        }

        public void Dispose() => file.Dispose();
    }
}
