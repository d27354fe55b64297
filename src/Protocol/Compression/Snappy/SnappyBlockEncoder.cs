using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Snappy;

/// <summary>Compresses one block of up to 64 KiB in one pass: a table of the last position of each hash, the first match found is taken.</summary>
internal static unsafe class SnappyBlockEncoder
{
    public const int TableLength = 1 << HashBits;

    private const int HashBits = 13;
    private const int MaxBlockLength = 64 * 1024;
    private const int MinMatch = 4;

    // Matches start and literals in front of them end this far from the end, so that vectors are read inside the block.
    private const int Margin = 16;

    // After 2^5 failed attempts the step grows by one, and so on: data that does not compress is skimmed.
    private const int SkipShift = 5;

    /// <summary>The preamble, a tag and two length bytes per literal run at worst between the shortest copies, and the slack of vector copies.</summary>
    public static int MaxEncodedLength(int length) => 32 + length + length / 6;

    /// <summary>Writes the encoded block to the start of <paramref name="output"/> and returns its length.</summary>
    public static int Encode(ReadOnlySpan<byte> block, Span<byte> output, Span<ushort> table)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(block.Length, MaxBlockLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, MaxEncodedLength(block.Length));
        ArgumentOutOfRangeException.ThrowIfLessThan(table.Length, TableLength);
        // A position of 0 stands for "none seen"; that is safe because every candidate's bytes are compared.
        table[..TableLength].Clear();
        fixed (byte* source = block, target = output)
        fixed (ushort* positions = table)
        {
            var start = WritePreamble(target, block.Length);
            return (int)(Encode(source, source + block.Length, start, positions) - target);
        }
    }

    private static byte* WritePreamble(byte* output, int length)
    {
        var rest = (uint)length;
        for (; rest >= 0x80; rest >>= 7) *output++ = (byte)(rest | 0x80);
        *output++ = (byte)rest;
        return output;
    }

    private static byte* Encode(byte* source, byte* end, byte* output, ushort* positions)
    {
        var anchor = source;
        var lastStart = end - Margin;
        if (end - source <= Margin) return WriteTail(output, anchor, (int)(end - anchor));

        var input = source + 1;
        while (true)
        {
            byte* match;
            var attempts = 1 << SkipShift;
            while (true)
            {
                if (input > lastStart) return WriteTail(output, anchor, (int)(end - anchor));
                var sequence = UnalignedWords.Read64(input);
                var hash = Hash(sequence);
                match = source + positions[hash];
                positions[hash] = (ushort)(input - source);
                if (UnalignedWords.Read32(match) == (uint)sequence) break;
                input += attempts++ >> SkipShift;
            }

            while (input > anchor && match > source && input[-1] == match[-1])
            {
                input--;
                match--;
            }
            output = WriteLiteral(output, anchor, (int)(input - anchor));

            while (true)
            {
                var length = MinMatch + UnalignedWords.CommonLength(input + MinMatch, match + MinMatch, end);
                output = WriteCopy(output, (int)(input - match), length);
                input += length;
                anchor = input;
                if (input > lastStart) return WriteTail(output, anchor, (int)(end - anchor));

                positions[Hash(UnalignedWords.Read64(input - 1))] = (ushort)(input - 1 - source);
                var sequence = UnalignedWords.Read64(input);
                var hash = Hash(sequence);
                match = source + positions[hash];
                positions[hash] = (ushort)(input - source);
                if (UnalignedWords.Read32(match) != (uint)sequence) break;
            }
            input++;
        }
    }

    // "Literals": lengths up to 60 in the tag, else in one or two bytes behind it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteLiteral(byte* output, byte* literal, int length)
    {
        if (length == 0) return output;
        output = WriteLiteralTag(output, length);
        var end = output + length;
        do
        {
            OverlappingCopy.Copy16(output, literal);
            output += 16;
            literal += 16;
        }
        while (output < end);
        return end;
    }

    private static byte* WriteTail(byte* output, byte* literal, int length)
    {
        if (length == 0) return output;
        output = WriteLiteralTag(output, length);
        Unsafe.CopyBlockUnaligned(output, literal, (uint)length);
        return output + length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteLiteralTag(byte* output, int length)
    {
        var code = length - 1;
        if (code < 60)
        {
            *output++ = (byte)(code << 2);
            return output;
        }
        if (code < 256)
        {
            output[0] = 60 << 2;
            output[1] = (byte)code;
            return output + 2;
        }
        output[0] = 61 << 2;
        UnalignedWords.Write16LittleEndian(output + 1, code);
        return output + 3;
    }

    // "Copies": two bytes for 4 to 11 bytes less than 2 KiB back, else three bytes for up to 64 bytes; longer ones are
    // split so that no rest under four bytes is left, which the short form could not say.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteCopy(byte* output, int offset, int length)
    {
        while (length >= 68)
        {
            output = WriteLongCopy(output, offset, 64);
            length -= 64;
        }
        if (length > 64)
        {
            output = WriteLongCopy(output, offset, 60);
            length -= 60;
        }
        if (length < 12 && offset < 2048)
        {
            output[0] = (byte)(1 | ((length - 4) << 2) | ((offset >> 8) << 5));
            output[1] = (byte)offset;
            return output + 2;
        }
        return WriteLongCopy(output, offset, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteLongCopy(byte* output, int offset, int length)
    {
        *output = (byte)(2 | ((length - 1) << 2));
        UnalignedWords.Write16LittleEndian(output + 1, offset);
        return output + 3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(ulong bytes) => (int)(((bytes << 24) * 889523592379UL) >> (64 - HashBits));
}
