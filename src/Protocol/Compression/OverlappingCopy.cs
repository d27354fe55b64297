using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Moldau.Protocol.Compression;

/// <summary>
/// The copies an LZ77 decoder is made of. They store whole vectors and may so write up to 15 bytes past the bytes asked for,
/// never at or past <c>scratchEnd</c>. Callers have checked that the bytes asked for lie inside their buffers.
/// </summary>
internal static unsafe class OverlappingCopy
{
    private const int Vector = 16;

    // Row n repeats the first n bytes of a vector over all of it; row 0 is never used.
    private static ReadOnlySpan<byte> RepeatIndexes =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
        0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0,
        0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
        0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0,
        0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3,
        0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1,
        0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0,
    ];

    // The largest multiple of n that fits a vector: storing the repeated vector and moving on by this keeps the phase.
    private static ReadOnlySpan<byte> RepeatSteps => [0, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy16(byte* destination, byte* source) =>
        Vector128.Store(Vector128.Load(source), destination);

    /// <summary>Copies bytes that do not overlap; <paramref name="sourceEnd"/> is where reading must stop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Literals(byte* destination, byte* source, int length, byte* scratchEnd, byte* sourceEnd)
    {
        if (length > 128 || scratchEnd - destination < length + Vector || sourceEnd - source < length + Vector)
        {
            Unsafe.CopyBlockUnaligned(destination, source, (uint)length);
            return;
        }
        var end = destination + length;
        do
        {
            Copy16(destination, source);
            destination += Vector;
            source += Vector;
        }
        while (destination < end);
    }

    /// <summary>Repeats the bytes <paramref name="offset"/> back; the source may run into the bytes being written.</summary>
    public static void Match(byte* destination, int offset, int length, byte* scratchEnd)
    {
        var end = destination + length;
        var lastVector = scratchEnd - Vector;
        if (offset >= Vector)
        {
            var source = destination - offset;
            while (destination < end && destination <= lastVector)
            {
                Copy16(destination, source);
                destination += Vector;
                source += Vector;
            }
        }
        else if (destination <= lastVector)
        {
            var repeated = Repeat(Vector128.Load(destination - offset), offset);
            int step = RepeatSteps[offset];
            do
            {
                Vector128.Store(repeated, destination);
                destination += step;
            }
            while (destination < end && destination <= lastVector);
        }

        for (; destination < end; destination++) *destination = *(destination - offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Repeat(Vector128<byte> bytes, int period)
    {
        var indexes = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(RepeatIndexes), (nuint)(period * Vector));
        // The portable shuffle tests every index for range; these are in range by construction.
        return Ssse3.IsSupported ? Ssse3.Shuffle(bytes, indexes) : Vector128.Shuffle(bytes, indexes);
    }
}
