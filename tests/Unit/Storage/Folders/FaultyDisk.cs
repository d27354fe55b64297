using Microsoft.Win32.SafeHandles;
using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Folders;

/// <summary>
/// Faults put in: a disk that says it flushed some files or folders, and did not. It flushes them one by one, so that each
/// can be picked.
/// </summary>
internal sealed class FaultyDisk(IFileSystem disk, Predicate<string>? skipsFile = null, Predicate<string>? skipsFolder = null) : IFileSystem
{
    public IFile Open(string path, OpenMode mode) => skipsFile?.Invoke(path) == true ? new UnflushedFile(disk.Open(path, mode)) : disk.Open(path, mode);

    public IReadOnlyList<FolderEntry> List(string folder) => disk.List(folder);

    public bool FileExists(string path) => disk.FileExists(path);

    public bool FolderExists(string path) => disk.FolderExists(path);

    public void CreateFolder(string path) => disk.CreateFolder(path);

    public void Rename(string path, string newPath) => disk.Rename(path, newPath);

    public void DeleteFile(string path) => disk.DeleteFile(path);

    public void DeleteFolder(string path) => disk.DeleteFolder(path);

    public void FlushFolder(string path)
    {
        if (skipsFolder?.Invoke(path) != true) disk.FlushFolder(path);
    }

    public bool TryFlushDisk(string path) => false;

    public long FreeSpace(string path) => disk.FreeSpace(path);

    public IDisposable? TryLock(string path) => disk.TryLock(path);

    private sealed class UnflushedFile(IFile file) : IFile
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
            // The fault.
        }

        public void Dispose() => file.Dispose();
    }
}
