using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Copies in whole vectors that write up to <see cref="ZstdFormat.CopySlack"/> bytes more than asked for.</summary>
internal static unsafe class MatchCopy
{
    /// <summary>For each offset below 16 the byte positions that repeat the first so many bytes over a vector.</summary>
    private static readonly PinnedTable<byte> Patterns = BuildPatterns();

    /// <summary>Source and target do not overlap within 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(byte* target, byte* source, nint count)
    {
        Vector128.Store(Vector128.Load(source), target);
        if (count <= 16) return;
        var end = target + count;
        target += 16;
        source += 16;
        do
        {
            Vector128.Store(Vector128.Load(source), target);
            Vector128.Store(Vector128.Load(source + 16), target + 16);
            target += 32;
            source += 32;
        }
        while (target < end);
    }

    /// <summary>A match that overlaps itself at less than a vector's length: the bytes at <paramref name="target"/> - offset repeat.</summary>
    public static void Repeat(byte* target, int offset, nint count)
    {
        var end = target + count;
        var head = Vector128.Load(target - offset);
        var pattern = Shuffle(head, Vector128.Load(Patterns.Pointer + offset * 16));
        // Each step writes a full vector but keeps only whole repetitions of the pattern.
        var step = 16 - 16 % offset;
        do
        {
            Vector128.Store(pattern, target);
            target += step;
        }
        while (target < end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Shuffle(Vector128<byte> values, Vector128<byte> positions)
    {
        if (Ssse3.IsSupported) return Ssse3.Shuffle(values, positions);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.VectorTableLookup(values, positions);
        return Vector128.Shuffle(values, positions);
    }

    private static PinnedTable<byte> BuildPatterns()
    {
        var patterns = new PinnedTable<byte>(16 * 16);
        for (var offset = 1; offset < 16; offset++)
        {
            for (var i = 0; i < 16; i++) patterns.Span[offset * 16 + i] = (byte)(i % offset);
        }
        return patterns;
    }
}
