using System.Runtime.CompilerServices;
using static Moldau.Protocol.Compression.Lz4.Lz4BlockFormat;

namespace Moldau.Protocol.Compression.Lz4;

/// <summary>Writes sequences: a token, literals, and a match (LZ4 block format, "Compressed block format").</summary>
internal static unsafe class Lz4SequenceWriter
{
    /// <summary>Writes a run of literals and the token in front of it, whose match nibble is still 0; returns where writing goes on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Literals(byte* output, byte* literals, int count)
    {
        if (count < LongLength)
        {
            *output++ = (byte)(count << 4);
            OverlappingCopy.Copy16(output, literals);
            return output + count;
        }
        return LongLiterals(output, literals, count);
    }

    /// <summary>Writes a match behind its literals and completes their token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Match(byte* output, byte* token, int offset, int length)
    {
        UnalignedWords.Write16LittleEndian(output, offset);
        output += 2;
        var code = length - MinMatch;
        if (code < LongLength)
        {
            *token |= (byte)code;
            return output;
        }
        *token |= LongLength;
        return Length(output, code - LongLength);
    }

    /// <summary>Writes the literals that end every block, without reading past them.</summary>
    public static byte* Tail(byte* output, byte* literals, int count)
    {
        if (count < LongLength)
        {
            *output++ = (byte)(count << 4);
        }
        else
        {
            *output++ = LongLength << 4;
            output = Length(output, count - LongLength);
        }
        Unsafe.CopyBlockUnaligned(output, literals, (uint)count);
        return output + count;
    }

    private static byte* LongLiterals(byte* output, byte* literals, int count)
    {
        *output++ = LongLength << 4;
        output = Length(output, count - LongLength);
        var end = output + count;
        do
        {
            OverlappingCopy.Copy16(output, literals);
            output += 16;
            literals += 16;
        }
        while (output < end);
        return end;
    }

    private static byte* Length(byte* output, int rest)
    {
        for (; rest >= 255; rest -= 255) *output++ = 255;
        *output++ = (byte)rest;
        return output;
    }
}
