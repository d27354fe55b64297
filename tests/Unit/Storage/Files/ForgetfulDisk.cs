using Microsoft.Win32.SafeHandles;
using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Files;

/// <summary>A disk that says yes to some flushes and does nothing: the break that the checker must notice.</summary>
internal sealed class ForgetfulDisk(IFileSystem inner, ForgetfulDisk.Forgets forgets) : IFileSystem
{
    public enum Forgets
    {
        Flush,
        FlushFolder,
        FlushDisk,
    }

    public IFile Open(string path, OpenMode mode) =>
        forgets == Forgets.Flush ? new UnflushedFile(inner.Open(path, mode)) : inner.Open(path, mode);

    public IReadOnlyList<FolderEntry> List(string folder) => inner.List(folder);

    public bool FileExists(string path) => inner.FileExists(path);

    public bool FolderExists(string path) => inner.FolderExists(path);

    public void CreateFolder(string path) => inner.CreateFolder(path);

    public void Rename(string path, string newPath) => inner.Rename(path, newPath);

    public void DeleteFile(string path) => inner.DeleteFile(path);

    public void DeleteFolder(string path) => inner.DeleteFolder(path);

    public void FlushFolder(string path)
    {
        if (forgets != Forgets.FlushFolder) inner.FlushFolder(path);
    }

    public bool TryFlushDisk(string path) => forgets == Forgets.FlushDisk || inner.TryFlushDisk(path);

    public long FreeSpace(string path) => inner.FreeSpace(path);

    public IDisposable? TryLock(string path) => inner.TryLock(path);

    private sealed class UnflushedFile(IFile inner) : IFile
    {
        public string Path => inner.Path;

        public long Length => inner.Length;

        public SafeFileHandle? Handle => inner.Handle;

        public int Read(long position, Span<byte> destination) => inner.Read(position, destination);

        public void Write(long position, ReadOnlySpan<byte> source) => inner.Write(position, source);

        public void SetLength(long length) => inner.SetLength(length);

        public void Reserve(long length) => inner.Reserve(length);

        public void Flush()
        {
        }

        public void Dispose() => inner.Dispose();
    }
}
