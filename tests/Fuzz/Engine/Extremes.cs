using System.Buffers.Binary;

namespace Moldau.Fuzz.Engine;

/// <summary>Lengths and numbers that readers get wrong, in every form that a format writes them in.</summary>
internal static class Extremes
{
    private static readonly long[] Numbers =
    [
        0, 1, -1, -2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 249, 250, 10_000, 10_001, 1_000_000, 1_000_001,
        0x7FFF_FFFF, 0x7FFF_FFFE, 0x8000_0000, 0x7FFF_FFF0, 0xFFFF_FFFF, 0x1_0000_0000, long.MaxValue, long.MinValue,
    ];

    // More bytes than a varint may have, more bits than it may hold, and a zero that takes five bytes.
    private static readonly byte[][] FaultyVarints =
    [
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        [0xFF, 0xFF, 0xFF, 0xFF, 0x1F],
        [0x80, 0x80, 0x80, 0x80, 0x00],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
    ];

    /// <param name="random">Chooses.</param>
    /// <param name="remaining">The bytes behind the place it is for: lengths that just fit and just do not are the best of all.</param>
    public static byte[] Next(Random random, int remaining)
    {
        if (random.Next(12) == 0) return FaultyVarints[random.Next(FaultyVarints.Length)];
        var number = random.Next(3) == 0 ? remaining + random.Next(-6, 4) : Numbers[random.Next(Numbers.Length)];
        var bytes = new byte[random.Next(4) switch { 0 => 2, 1 => 8, _ => 4 }];
        switch (random.Next(4))
        {
            case 0:
                return Varint((ulong)number);
            case 1:
                return Varint((ulong)((number << 1) ^ (number >> 63)));
            case 2:
                Span<byte> little = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(little, number);
                little[..bytes.Length].CopyTo(bytes);
                return bytes;
            default:
                Span<byte> big = stackalloc byte[8];
                BinaryPrimitives.WriteInt64BigEndian(big, number);
                big[(8 - bytes.Length)..].CopyTo(bytes);
                return bytes;
        }
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>(10);
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
