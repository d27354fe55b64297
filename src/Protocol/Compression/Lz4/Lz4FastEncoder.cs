using System.Runtime.CompilerServices;
using static Moldau.Protocol.Compression.Lz4.Lz4BlockFormat;

namespace Moldau.Protocol.Compression.Lz4;

/// <summary>Compresses a block in one pass: a table of the last position of each hash, the first match found is taken.</summary>
internal static unsafe class Lz4FastEncoder
{
    public const int TableLength = 1 << HashBits;

    private const int HashBits = 13;

    // After 2^6 failed attempts the step grows by one, and so on: data that does not compress is skimmed.
    private const int SkipShift = 6;

    /// <summary>Writes the encoded block to the start of <paramref name="output"/> and returns its length.</summary>
    public static int Encode(ReadOnlySpan<byte> block, Span<byte> output, Span<ushort> table)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(block.Length, BlockSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, MaxEncodedLength(block.Length));
        ArgumentOutOfRangeException.ThrowIfLessThan(table.Length, TableLength);
        // A position of 0 stands for "none seen"; that is safe because every candidate's bytes are compared.
        table[..TableLength].Clear();
        fixed (byte* source = block, target = output)
        fixed (ushort* positions = table)
        {
            return (int)(Encode(source, source + block.Length, target, positions) - target);
        }
    }

    private static byte* Encode(byte* source, byte* end, byte* output, ushort* positions)
    {
        var anchor = source;
        var lastStart = end - LastMatchStart;
        var matchEnd = end - LastLiterals;
        if (end - source <= LastMatchStart) return Lz4SequenceWriter.Tail(output, anchor, (int)(end - anchor));

        var input = source + 1;
        while (true)
        {
            byte* match;
            var attempts = 1 << SkipShift;
            while (true)
            {
                if (input > lastStart) return Lz4SequenceWriter.Tail(output, anchor, (int)(end - anchor));
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

            var token = output;
            output = Lz4SequenceWriter.Literals(output, anchor, (int)(input - anchor));
            while (true)
            {
                var length = MinMatch + UnalignedWords.CommonLength(input + MinMatch, match + MinMatch, matchEnd);
                output = Lz4SequenceWriter.Match(output, token, (int)(input - match), length);
                input += length;
                anchor = input;
                if (input > lastStart) return Lz4SequenceWriter.Tail(output, anchor, (int)(end - anchor));

                positions[Hash(UnalignedWords.Read64(input - 2))] = (ushort)(input - 2 - source);
                var sequence = UnalignedWords.Read64(input);
                var hash = Hash(sequence);
                match = source + positions[hash];
                positions[hash] = (ushort)(input - source);
                if (UnalignedWords.Read32(match) != (uint)sequence) break;
                token = output;
                *output++ = 0;
            }
            input++;
        }
    }

    // Five bytes: a hash of the four that must match gives more false starts on text than it gains.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(ulong bytes) => (int)(((bytes << 24) * 889523592379UL) >> (64 - HashBits));
}
