using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>A fixed-size table that never moves, so that hot loops may hold plain pointers into it.</summary>
internal sealed unsafe class PinnedTable<T> where T : unmanaged
{
    // The array is what keeps the memory alive; the pointer alone would not.
    private readonly T[] _array;

    public PinnedTable(int length)
    {
        _array = GC.AllocateArray<T>(length, pinned: true);
        Pointer = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
    }

    public T* Pointer { get; }

    public int Length => _array.Length;

    public Span<T> Span => _array;
}
