using System.Runtime.InteropServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// Zeroed memory of a size that depends on the level. Outside the managed heap, so that the large tables of high levels
/// are given back at once and never copied or scanned.
/// </summary>
internal sealed unsafe class NativeTable
{
    private const nuint CacheLine = 64;

    private void* _memory;
    private nuint _size;

    ~NativeTable() => Free();

    public nuint Size => _size;

    /// <summary>At least so many bytes. Content is kept as long as the memory suffices, and zeroed when it is renewed.</summary>
    public void* Ensure(nuint size)
    {
        if (size > _size)
        {
            Free();
            _memory = NativeMemory.AlignedAlloc(size, CacheLine);
            _size = size;
            Clear();
        }
        return _memory;
    }

    public void Clear()
    {
        if (_memory != null) NativeMemory.Clear(_memory, _size);
    }

    public void Free()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _size = 0;
    }
}
