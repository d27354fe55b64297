using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Moldau.Protocol.Records;

/// <summary>The zigzag varints inside records: small numbers of either sign take one byte.</summary>
internal static class RecordVarint
{
    public const int MaxSize32 = 5;
    public const int MaxSize64 = 10;

    public static int Size(int value) => Size((uint)((value << 1) ^ (value >> 31)));

    public static int Size(long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        return (63 - BitOperations.LeadingZeroCount(zigzag | 1)) / 7 + 1;
    }

    /// <returns>The position behind what was written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(ref byte start, int position, int value)
    {
        var zigzag = (uint)((value << 1) ^ (value >> 31));
        while (zigzag >= 0x80)
        {
            Unsafe.Add(ref start, position++) = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }

        Unsafe.Add(ref start, position) = (byte)zigzag;
        return position + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(ref byte start, int position, long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        while (zigzag >= 0x80)
        {
            Unsafe.Add(ref start, position++) = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }

        Unsafe.Add(ref start, position) = (byte)zigzag;
        return position + 1;
    }

    /// <summary>Reads at <paramref name="position"/> and moves it; false where the bytes end or the number is too long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int position, out int value)
    {
        // One and two bytes cover nearly everything a record holds.
        if (bytes.Length - position >= 2)
        {
            ref var next = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), position);
            uint first = next;
            if (first < 0x80)
            {
                position++;
                value = Unzigzag(first);
                return true;
            }

            uint second = Unsafe.Add(ref next, 1);
            if (second < 0x80)
            {
                position += 2;
                value = Unzigzag((first & 0x7F) | (second << 7));
                return true;
            }
        }

        return TryReadLong(bytes, ref position, out value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int position, out long value)
    {
        if (position < bytes.Length)
        {
            uint first = Unsafe.Add(ref MemoryMarshal.GetReference(bytes), position);
            if (first < 0x80)
            {
                position++;
                value = Unzigzag(first);
                return true;
            }
        }

        return TryReadLong(bytes, ref position, out value);
    }

    private static int Size(uint zigzag) => (31 - BitOperations.LeadingZeroCount(zigzag | 1)) / 7 + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Unzigzag(uint value) => (int)(value >> 1) ^ -(int)(value & 1);

    private static bool TryReadLong(ReadOnlySpan<byte> bytes, ref int position, out int value)
    {
        uint zigzag = 0;
        value = 0;
        for (var shift = 0; shift < MaxSize32 * 7; shift += 7)
        {
            if ((uint)position >= (uint)bytes.Length) return false;
            var next = bytes[position++];
            if (shift == 28 && next > 0x0F) return false;
            zigzag |= (uint)(next & 0x7F) << shift;
            if (next >= 0x80) continue;
            value = Unzigzag(zigzag);
            return true;
        }

        return false;
    }

    private static bool TryReadLong(ReadOnlySpan<byte> bytes, ref int position, out long value)
    {
        ulong zigzag = 0;
        value = 0;
        for (var shift = 0; shift < MaxSize64 * 7; shift += 7)
        {
            if ((uint)position >= (uint)bytes.Length) return false;
            var next = bytes[position++];
            if (shift == 63 && next > 0x01) return false;
            zigzag |= (ulong)(next & 0x7F) << shift;
            if (next >= 0x80) continue;
            value = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
            return true;
        }

        return false;
    }
}
