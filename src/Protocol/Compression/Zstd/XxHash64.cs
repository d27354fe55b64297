using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>XXH64, of which a frame's content checksum keeps the low four bytes (RFC 8878 section 3.1.1, seed 0).</summary>
internal static class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes;
        ulong hash;
        if (bytes.Length >= 32)
        {
            hash = HashStripes(ref rest);
        }
        else
        {
            hash = Prime5;
        }
        hash += (ulong)bytes.Length;

        while (rest.Length >= 8)
        {
            hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            hash = BitOperations.RotateLeft(hash, 27) * Prime1 + Prime4;
            rest = rest[8..];
        }
        if (rest.Length >= 4)
        {
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1;
            hash = BitOperations.RotateLeft(hash, 23) * Prime2 + Prime3;
            rest = rest[4..];
        }
        foreach (var value in rest)
        {
            hash ^= value * Prime5;
            hash = BitOperations.RotateLeft(hash, 11) * Prime1;
        }

        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong HashStripes(ref ReadOnlySpan<byte> rest)
    {
        var lane1 = unchecked(Prime1 + Prime2);
        var lane2 = Prime2;
        var lane3 = 0UL;
        var lane4 = unchecked(0UL - Prime1);
        while (rest.Length >= 32)
        {
            lane1 = Round(lane1, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            lane2 = Round(lane2, BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
            lane3 = Round(lane3, BinaryPrimitives.ReadUInt64LittleEndian(rest[16..]));
            lane4 = Round(lane4, BinaryPrimitives.ReadUInt64LittleEndian(rest[24..]));
            rest = rest[32..];
        }

        var hash = BitOperations.RotateLeft(lane1, 1) + BitOperations.RotateLeft(lane2, 7)
            + BitOperations.RotateLeft(lane3, 12) + BitOperations.RotateLeft(lane4, 18);
        hash = Merge(hash, lane1);
        hash = Merge(hash, lane2);
        hash = Merge(hash, lane3);
        return Merge(hash, lane4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + input * Prime2, 31) * Prime1;

    private static ulong Merge(ulong hash, ulong lane) => (hash ^ Round(0, lane)) * Prime1 + Prime4;
}
