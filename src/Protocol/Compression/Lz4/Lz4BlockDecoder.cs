using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Lz4;

/// <summary>Decodes one block of sequences (LZ4 block format). It can stop before a sequence that does not fit and go on when there is room.</summary>
internal static unsafe class Lz4BlockDecoder
{
    private const int LongLength = 15;
    private const int MinMatch = 4;

    // The longest sequence without length bytes: 14 literals, of which 16 bytes are moved, a 2-byte offset,
    // and a match of 18 bytes.
    private const int ShortSequenceInput = 16 + 2;
    private const int ShortSequenceOutput = 14 + 18;

    /// <summary>Decodes from <paramref name="read"/> to <paramref name="written"/> and moves both.</summary>
    /// <param name="output">The whole buffer; bytes from <paramref name="contentEnd"/> on may be scribbled over.</param>
    /// <param name="historyStart">The first byte of <paramref name="output"/> a match may reach.</param>
    /// <param name="contentEnd">Where content must stop.</param>
    /// <param name="blockAt">Where the block starts in the compressed data, for messages.</param>
    /// <returns>0 when the block is decoded; else the bytes of room its next sequence needs, with both positions in front of it.</returns>
    public static int Decode(ReadOnlySpan<byte> block, ref int read, Span<byte> output, ref int written, int historyStart, int contentEnd, int blockAt)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contentEnd, output.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)written, (uint)contentEnd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)historyStart, (uint)written);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)read, (uint)block.Length);
        fixed (byte* blockStart = block, outputStart = output)
        {
            var input = blockStart + read;
            var target = outputStart + written;
            var missing = Sequences(ref input, blockStart + block.Length, ref target, outputStart + historyStart, outputStart + contentEnd, outputStart + output.Length, blockAt - (long)blockStart);
            read = (int)(input - blockStart);
            written = (int)(target - outputStart);
            return missing;
        }
    }

    // positionBias turns an input address into a position in the compressed data.
    private static int Sequences(ref byte* inputPosition, byte* inputEnd, ref byte* outputPosition, byte* history, byte* contentEnd, byte* scratchEnd, long positionBias)
    {
        var input = inputPosition;
        var output = outputPosition;
        while (true)
        {
            var sequence = input;
            var sequenceOutput = output;
            int token = *input++;
            var literals = token >> 4;
            int offset;
            if (literals != LongLength && inputEnd - input >= ShortSequenceInput && contentEnd - output >= ShortSequenceOutput)
            {
                OverlappingCopy.Copy16(output, input);
                input += literals;
                output += literals;
                offset = ReadOffset(input);
                input += 2;
                if ((token & LongLength) != LongLength && offset >= 16 && offset <= output - history)
                {
                    var match = output - offset;
                    OverlappingCopy.Copy16(output, match);
                    Unsafe.WriteUnaligned(output + 16, Unsafe.ReadUnaligned<ushort>(match + 16));
                    output += (token & LongLength) + MinMatch;
                    continue;
                }
            }
            else
            {
                if (literals == LongLength) literals += ReadLength(ref input, inputEnd, positionBias);
                if (literals > inputEnd - input) throw LiteralsTooLong(literals, inputEnd - input, (long)sequence + positionBias);
                if (literals > contentEnd - output)
                {
                    inputPosition = sequence;
                    outputPosition = sequenceOutput;
                    return literals;
                }
                OverlappingCopy.Literals(output, input, literals, scratchEnd, inputEnd);
                input += literals;
                output += literals;
                // "End of block conditions": the last sequence has only literals, and nothing else marks the end.
                if (input == inputEnd) break;
                if (inputEnd - input < 2) throw EndsInside("a match's offset", (long)inputEnd + positionBias);
                offset = ReadOffset(input);
                input += 2;
            }

            if (offset == 0 || offset > output - history) throw OffsetOutOfReach(offset, output - history, (long)input - 2 + positionBias);
            var length = token & LongLength;
            if (length == LongLength) length += ReadLength(ref input, inputEnd, positionBias);
            length += MinMatch;
            if (length > contentEnd - output)
            {
                inputPosition = sequence;
                outputPosition = sequenceOutput;
                return literals + length;
            }
            OverlappingCopy.Match(output, offset, length, scratchEnd);
            output += length;
            if (input == inputEnd) throw EndsInside("its sequences, behind a match", (long)inputEnd + positionBias);
        }

        inputPosition = input;
        outputPosition = output;
        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadOffset(byte* input) =>
        BitConverter.IsLittleEndian ? Unsafe.ReadUnaligned<ushort>(input) : input[0] | (input[1] << 8);

    // Bytes of 255 go on, the first other one ends. No overflow: a block has at most 4 MiB, each worth 255.
    private static int ReadLength(ref byte* input, byte* inputEnd, long positionBias)
    {
        var length = 0;
        while (true)
        {
            if (input == inputEnd) throw EndsInside("a length", (long)inputEnd + positionBias);
            int more = *input++;
            length += more;
            if (more != 255) return length;
        }
    }

    private static CorruptDataException LiteralsTooLong(int literals, long left, long position) =>
        new("lz4", $"a run of {literals} literal bytes where the block has {left} left", position);

    private static CorruptDataException OffsetOutOfReach(int offset, long reachable, long position) =>
        new("lz4", offset == 0 ? "a match with offset 0" : $"a match reaches {offset} bytes back where only {reachable} are known", position);

    private static CorruptDataException EndsInside(string what, long position) =>
        new("lz4", $"a block ends inside {what}", position);
}
