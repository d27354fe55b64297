using Microsoft.Win32.SafeHandles;

namespace Moldau.Storage.Files;

/// <summary>A file of a disk that is watched. Nothing is allocated for a read or a write.</summary>
internal sealed class WatchedFile(WatchedFileSystem disk, IFile file) : IFile
{
    public string Path => file.Path;

    public SafeFileHandle? Handle => file.Handle;

    public long Length
    {
        get
        {
            try
            {
                return file.Length;
            }
            catch (DiskException failure) when (disk.Notice(failure))
            {
                throw;
            }
        }
    }

    public int Read(long position, Span<byte> destination)
    {
        try
        {
            return file.Read(position, destination);
        }
        catch (DiskException failure) when (disk.NoticeRead(failure))
        {
            throw;
        }
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        try
        {
            file.Write(position, source);
        }
        catch (DiskException failure) when (disk.Notice(failure))
        {
            throw;
        }
    }

    public void SetLength(long length)
    {
        try
        {
            file.SetLength(length);
        }
        catch (DiskException failure) when (disk.Notice(failure))
        {
            throw;
        }
    }

    public void Reserve(long length) => file.Reserve(length);

    public void Flush()
    {
        try
        {
            file.Flush();
        }
        catch (DiskException failure) when (disk.Notice(failure))
        {
            throw;
        }
    }

    public void Dispose() => file.Dispose();
}
