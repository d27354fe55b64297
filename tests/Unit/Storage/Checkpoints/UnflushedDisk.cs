using Microsoft.Win32.SafeHandles;
using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Checkpoints;

/// <summary>A fault put in: a disk that says it flushed, files or folders, and did not.</summary>
internal sealed class UnflushedDisk(IFileSystem disk, bool skipsFiles, bool skipsFolders) : IFileSystem
{
    public IFile Open(string path, OpenMode mode) => new UnflushedFile(disk.Open(path, mode), skipsFiles);

    public IReadOnlyList<FolderEntry> List(string folder) => disk.List(folder);

    public bool FileExists(string path) => disk.FileExists(path);

    public bool FolderExists(string path) => disk.FolderExists(path);

    public void CreateFolder(string path) => disk.CreateFolder(path);

    public void Rename(string path, string newPath) => disk.Rename(path, newPath);

    public void DeleteFile(string path) => disk.DeleteFile(path);

    public void DeleteFolder(string path) => disk.DeleteFolder(path);

    public void FlushFolder(string path)
    {
        if (!skipsFolders) disk.FlushFolder(path);
    }

    public bool TryFlushDisk(string path) => disk.TryFlushDisk(path);

    public long FreeSpace(string path) => disk.FreeSpace(path);

    public IDisposable? TryLock(string path) => disk.TryLock(path);

    private sealed class UnflushedFile(IFile file, bool skips) : IFile
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
            if (!skips) file.Flush();
        }

        public void Dispose() => file.Dispose();
    }
}
