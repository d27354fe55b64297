using Microsoft.Win32.SafeHandles;

namespace Moldau.Storage.Files;

/// <summary>A file of the real disk: each call is one system call on the thread that makes it.</summary>
internal sealed class DiskFile(string path, SafeFileHandle handle) : IFile
{
    public string Path { get; } = path;

    public long Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(handle);
            }
            catch (Exception failure) when (DiskCall.IsDisk(failure))
            {
                throw DiskCall.Translate("ask the length of", Path, failure);
            }
        }
    }

    public SafeFileHandle? Handle => handle;

    public int Read(long position, Span<byte> destination)
    {
        var total = 0;
        try
        {
            while (total < destination.Length)
            {
                var read = RandomAccess.Read(handle, destination[total..], position + total);
                if (read == 0) break;
                total += read;
            }
        }
        catch (Exception failure) when (DiskCall.IsDisk(failure))
        {
            throw DiskCall.Translate("read", Path, failure);
        }

        return total;
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        try
        {
            RandomAccess.Write(handle, source, position);
        }
        catch (Exception failure) when (DiskCall.IsDisk(failure))
        {
            throw DiskCall.Translate("write", Path, failure);
        }
    }

    public void SetLength(long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (Exception failure) when (DiskCall.IsDisk(failure))
        {
            throw DiskCall.Translate("cut", Path, failure);
        }
    }

    public void Reserve(long length) => NativeDisk.Reserve(handle, length);

    public void Flush() => NativeDisk.Flush(handle, Path);

    public void Dispose() => handle.Dispose();
}
