using Microsoft.Win32.SafeHandles;

namespace Moldau.Storage.Files.Memory;

/// <summary>An open file of a <see cref="MemoryFileSystem"/>; it outlives its name, as an open file does.</summary>
internal sealed class MemoryFile(MemoryFileSystem disk, string path, MemoryContent content) : IFile
{
    public string Path { get; } = path;

    public long Length
    {
        get
        {
            lock (disk.Sync) return content.Length;
        }
    }

    public SafeFileHandle? Handle => null;

    public int Read(long position, Span<byte> destination)
    {
        lock (disk.Sync) return content.Read(position, destination);
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        lock (disk.Sync)
        {
            disk.Ask(DiskOperation.Write, Path);
            var room = disk.RoomFor(content, position + source.Length);
            // A disk that fills up takes what fits, as the real one does.
            var taken = (int)Math.Clamp(room - position, 0, source.Length);
            if (taken > 0) content.Write(position, source[..taken]);
            if (taken < source.Length) throw new DiskException(DiskFault.Full, "write", Path, "no space is left");
        }
    }

    public void SetLength(long length)
    {
        lock (disk.Sync)
        {
            disk.Ask(DiskOperation.SetLength, Path);
            content.SetLength(checked((int)length));
        }
    }

    public void Reserve(long length)
    {
    }

    public void Flush()
    {
        lock (disk.Sync)
        {
            try
            {
                disk.Ask(DiskOperation.Flush, Path);
            }
            catch (DiskException)
            {
                content.ForgetPending();
                throw;
            }

            content.Flush();
        }
    }

    public void Dispose()
    {
    }
}
