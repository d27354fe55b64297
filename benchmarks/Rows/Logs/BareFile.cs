using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Moldau.Bench.Rows.Logs;

/// <summary>The peer of a log: a file, and the system's calls upon it.</summary>
internal sealed partial class BareFile(string path) : IDisposable
{
    private const int KeepSize = 1;

    private readonly SafeFileHandle _handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, Length);
        Length += bytes.Length;
    }

    public void Read(long position, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(_handle, destination, position);
            if (read == 0) throw new EndOfStreamException(path);
            destination = destination[read..];
            position += read;
        }
    }

    public void Empty()
    {
        RandomAccess.SetLength(_handle, 0);
        Length = 0;
    }

    /// <summary>Room for so many bytes, without a new length; where the system has no such thing, none.</summary>
    public void Reserve(long bytes)
    {
        if (OperatingSystem.IsLinux() && fallocate(_handle, KeepSize, 0, bytes) != 0) throw new IOException($"fallocate {path}: error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Zeros where the appends are to come.</summary>
    public void WriteAhead(int bytes) => RandomAccess.Write(_handle, new byte[bytes], 0);

    public void Flush()
    {
        if (!OperatingSystem.IsLinux()) RandomAccess.FlushToDisk(_handle);
        else if (fdatasync(_handle) != 0) throw new IOException($"fdatasync {path}: error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Brings to disk what any file of its disk has.</summary>
    public void FlushDisk()
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("a flush of the whole disk is Linux' syncfs");
        if (syncfs(_handle) != 0) throw new IOException($"syncfs {path}: error {Marshal.GetLastPInvokeError()}");
    }

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);
}
