using System.Numerics;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression;

/// <summary>Unaligned reads and writes for the match finders; bounds are the caller's business.</summary>
internal static unsafe class UnalignedWords
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Read32(byte* address) => Unsafe.ReadUnaligned<uint>(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read64(byte* address) => Unsafe.ReadUnaligned<ulong>(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write16LittleEndian(byte* address, int value)
    {
        if (BitConverter.IsLittleEndian)
        {
            Unsafe.WriteUnaligned(address, (ushort)value);
            return;
        }
        address[0] = (byte)value;
        address[1] = (byte)(value >> 8);
    }

    /// <summary>How many bytes at two places are the same; the first place is read up to <paramref name="end"/>, the second lies before the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CommonLength(byte* first, byte* second, byte* end)
    {
        var start = first;
        while (end - first >= sizeof(ulong))
        {
            var difference = Read64(first) ^ Read64(second);
            if (difference != 0) return (int)(first - start) + EqualBytes(difference);
            first += sizeof(ulong);
            second += sizeof(ulong);
        }
        while (first < end && *first == *second)
        {
            first++;
            second++;
        }
        return (int)(first - start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EqualBytes(ulong difference) =>
        (BitConverter.IsLittleEndian ? BitOperations.TrailingZeroCount(difference) : BitOperations.LeadingZeroCount(difference)) >> 3;
}
