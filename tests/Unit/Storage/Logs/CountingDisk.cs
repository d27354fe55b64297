using Microsoft.Win32.SafeHandles;
using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Logs;

/// <summary>Counts what is read of the files of a kind, by how their names end.</summary>
internal sealed class CountingDisk(IFileSystem disk, string ending) : IFileSystem
{
    public int Reads { get; private set; }

    public long BytesRead { get; private set; }

    public void Reset() => (Reads, BytesRead) = (0, 0);

    public IFile Open(string path, OpenMode mode) => new CountedFile(this, disk.Open(path, mode), path.EndsWith(ending, StringComparison.Ordinal));

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

    private void Count(int read)
    {
        Reads++;
        BytesRead += read;
    }

    private sealed class CountedFile(CountingDisk counter, IFile file, bool counts) : IFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public SafeFileHandle? Handle => file.Handle;

        public int Read(long position, Span<byte> destination)
        {
            var read = file.Read(position, destination);
            if (counts) counter.Count(read);
            return read;
        }

        public void Write(long position, ReadOnlySpan<byte> source) => file.Write(position, source);

        public void SetLength(long length) => file.SetLength(length);

        public void Reserve(long length) => file.Reserve(length);

        public void Flush() => file.Flush();

        public void Dispose() => file.Dispose();
    }
}
