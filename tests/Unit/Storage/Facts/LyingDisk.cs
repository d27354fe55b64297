using Microsoft.Win32.SafeHandles;
using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Facts;

/// <summary>A disk that says it flushed and did not, or that it failed to write and did.</summary>
internal sealed class LyingDisk(IFileSystem disk, bool flushesFiles = true, bool flushesFolders = true, Func<bool>? deniesWrite = null) : IFileSystem
{
    public IFile Open(string path, OpenMode mode) => new LyingFile(disk.Open(path, mode), flushesFiles, deniesWrite);

    public IReadOnlyList<FolderEntry> List(string folder) => disk.List(folder);

    public bool FileExists(string path) => disk.FileExists(path);

    public bool FolderExists(string path) => disk.FolderExists(path);

    public void CreateFolder(string path) => disk.CreateFolder(path);

    public void Rename(string path, string newPath) => disk.Rename(path, newPath);

    public void DeleteFile(string path) => disk.DeleteFile(path);

    public void DeleteFolder(string path) => disk.DeleteFolder(path);

    public void FlushFolder(string path)
    {
        if (flushesFolders) disk.FlushFolder(path);
    }

    public bool TryFlushDisk(string path) => disk.TryFlushDisk(path);

    public long FreeSpace(string path) => disk.FreeSpace(path);

    public IDisposable? TryLock(string path) => disk.TryLock(path);

    private sealed class LyingFile(IFile file, bool flushes, Func<bool>? deniesWrite) : IFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public SafeFileHandle? Handle => file.Handle;

        public int Read(long position, Span<byte> destination) => file.Read(position, destination);

        public void Write(long position, ReadOnlySpan<byte> source)
        {
            file.Write(position, source);
            if (deniesWrite?.Invoke() == true) throw new DiskException(DiskFault.Failed, "write", file.Path, "written, and told as failed");
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Reserve(long length) => file.Reserve(length);

        public void Flush()
        {
            if (flushes) file.Flush();
        }

        public void Dispose() => file.Dispose();
    }
}
