using Microsoft.Win32.SafeHandles;

namespace Moldau.Storage.Files;

/// <summary>An open file. Reads may come from many threads at once; writes from one.</summary>
public interface IFile : IDisposable
{
    string Path { get; }

    long Length { get; }

    /// <summary>What a transport hands to the kernel to send a region; null where the file is not the kernel's.</summary>
    SafeFileHandle? Handle { get; }

    /// <summary>Reads until the span is full or the file ends.</summary>
    /// <returns>The bytes read.</returns>
    int Read(long position, Span<byte> destination);

    /// <summary>
    /// Writes all of it or throws; how much was written before it threw is not known. A full disk is
    /// <see cref="DiskFault.Full"/>.
    /// </summary>
    void Write(long position, ReadOnlySpan<byte> source);

    void SetLength(long length);

    /// <summary>Reserves room up to a length without changing the length; a disk that cannot does nothing.</summary>
    void Reserve(long length);

    /// <summary>
    /// Brings the file's bytes and its length to durability. One that fails must never be tried again as if nothing had
    /// happened: the kernel may have dropped what it could not write.
    /// </summary>
    void Flush();
}
