using Microsoft.Win32.SafeHandles;

namespace Moldau.Storage.Files.Memory;

/// <summary>An open file of a <see cref="MemoryFileSystem"/>; it outlives its name, as an open file does.</summary>
internal sealed class MemoryFile(MemoryFileSystem disk, string path, MemoryContent content) : IFile
{
    private bool _closed;

    public string Path { get; } = path;

    public long Length
    {
        get
        {
            lock (content.Sync)
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                return content.Length;
            }
        }
    }

    public SafeFileHandle? Handle => null;

    public int Read(long position, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        lock (content.Sync)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return content.Read(position, destination);
        }
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        lock (content.Sync)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (source.IsEmpty) return;
            disk.Ask(DiskOperation.Write, Path);
            // A disk that fills up takes what fits, as the real one does.
            if (content.Write(position, source) < source.Length) throw MemoryFileSystem.Full("write", Path);
        }
    }

    public void SetLength(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        lock (content.Sync)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            disk.Ask(DiskOperation.SetLength, Path);
            if (!content.TrySetLength(length)) throw MemoryFileSystem.Full("cut", Path);
        }
    }

    public void Reserve(long length)
    {
    }

    public void Flush()
    {
        lock (content.Sync)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            disk.Ask(DiskOperation.Flush, Path, content.ForgetPending);
            if (content.TakeFault())
            {
                content.ForgetPending();
                throw new DiskException(DiskFault.Failed, "flush", Path, "the disk has lost some of it");
            }

            content.Flush();
        }
    }

    public void Dispose()
    {
        lock (content.Sync)
        {
            if (_closed) return;
            _closed = true;
            content.LetGo();
        }
    }
}
