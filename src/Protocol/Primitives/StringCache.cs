using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Moldau.Protocol.Primitives;

/// <summary>
/// Hands out the same string for the same bytes: topic, group and client names come back with every request, and need not
/// be allocated each time. A fixed table, a newcomer replaces what has its place, so a stranger's names cost no more than
/// they would without it. One owner at a time; it has no lock.
/// </summary>
public sealed class StringCache
{
    private const int Slots = 1024;

    // Longer texts are rarely names, and would keep memory for nothing.
    private const int MaxBytes = 249;

    private readonly string?[] _strings = new string?[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        if (utf8.Length > MaxBytes) return Encoding.UTF8.GetString(utf8);

        ref var slot = ref _strings[Hash(utf8) & (Slots - 1)];
        // Equal only for ASCII on both sides; other texts are simply decoded again.
        if (slot is not null && slot.Length == utf8.Length && Ascii.Equals(utf8, slot)) return slot;
        return slot = Encoding.UTF8.GetString(utf8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        ref var start = ref MemoryMarshal.GetReference(utf8);
        var hash = (uint)utf8.Length;
        nint i = 0;
        for (; i + 8 <= utf8.Length; i += 8) hash = BitOperations.Crc32C(hash, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, i)));
        for (; i < utf8.Length; i++) hash = BitOperations.Crc32C(hash, Unsafe.Add(ref start, i));
        return hash;
    }
}
