using System.Runtime.InteropServices;

namespace Moldau.Unit.Protocol.Compression;

/// <summary>
/// Memory that ends at a page nobody may touch: reading one byte past what is placed in it ends the test run at once,
/// where an array would silently lend the bytes of its neighbour. Elsewhere than on Linux it is a plain copy.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int PageSize = 64 * 1024;
    private const int ReadWrite = 3;
    private const int NoAccess = 0;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* _start;
    private readonly int _capacity;

    public GuardedMemory(int capacity)
    {
        _capacity = (capacity + PageSize - 1) / PageSize * PageSize;
        if (!OperatingSystem.IsLinux()) return;
        _start = Map(null, (nuint)(_capacity + PageSize), ReadWrite, PrivateAnonymous, -1, 0);
        if (_start == (byte*)-1 || Protect(_start + _capacity, PageSize, NoAccess) != 0) throw new InvalidOperationException("no guarded memory");
    }

    /// <summary>A copy that ends where the memory does. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Place(ReadOnlySpan<byte> bytes)
    {
        if (_start == null) return bytes.ToArray();
        var place = new Span<byte>(_start + _capacity - bytes.Length, bytes.Length);
        bytes.CopyTo(place);
        return place;
    }

    public void Dispose()
    {
        if (_start != null) _ = Unmap(_start, (nuint)(_capacity + PageSize));
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
