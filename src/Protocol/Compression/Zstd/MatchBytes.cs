using System.Numerics;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Hashing and comparing bytes of the source, a word at a time.</summary>
internal static unsafe class MatchBytes
{
    /// <summary>Hashes read this many bytes, whatever the number of bytes hashed.</summary>
    public const int HashRead = 8;

    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Read32(byte* at) => Unsafe.ReadUnaligned<uint>(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read64(byte* at) => Unsafe.ReadUnaligned<ulong>(at);

    /// <summary>The shift that leaves the first <paramref name="bytes"/> bytes of a word.</summary>
    public static int WordShift(int bytes) => 64 - 8 * bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Hash(ulong word, int wordShift, int tableShift) => (nuint)(((word << wordShift) * Multiplier) >> tableShift);

    /// <summary>How many bytes are the same, up to <paramref name="end"/>, which is behind <paramref name="position"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint CountEqual(byte* position, byte* match, byte* end)
    {
        var start = position;
        while (position <= end - 8)
        {
            var difference = Read64(position) ^ Read64(match);
            if (difference != 0) return (nint)(position - start) + (BitOperations.TrailingZeroCount(difference) >> 3);
            position += 8;
            match += 8;
        }
        while (position < end && *position == *match)
        {
            position++;
            match++;
        }
        return (nint)(position - start);
    }
}
