using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Snappy;

/// <summary>Decodes one block of Snappy's block format: the content's length, then literals and copies.</summary>
internal static unsafe class SnappyBlockDecoder
{
    // The densest element is a copy of 64 bytes in 3.
    private const int DensestContent = 64;
    private const int DensestInput = 3;

    private const int MaxShortLiteral = 60;

    /// <param name="blockAt">Where the block starts in the compressed data, for messages.</param>
    public static void Decode(ReadOnlySpan<byte> block, PooledBuffer destination, int blockAt)
    {
        var length = ReadContentLength(block, blockAt, out var preamble);
        // Before any room is made: a length these bytes cannot reach is a lie.
        if ((ulong)length * DensestInput > (ulong)(block.Length - preamble) * DensestContent)
        {
            throw new CorruptDataException("snappy", $"a block announces {length} bytes of content, more than its {block.Length - preamble} bytes can hold", blockAt);
        }
        if (length > int.MaxValue) throw new CorruptDataException("snappy", $"a block announces {length} bytes of content", blockAt);
        destination.Reserve((int)length);

        var bytes = destination.Bytes;
        fixed (byte* input = block, output = bytes)
        {
            var start = output + destination.Length;
            Elements(input + preamble, input + block.Length, start, start + length, output + bytes.Length, blockAt - (long)input);
        }
        destination.Advance((int)length);
    }

    // "Preamble": a little-endian base-128 number of at most 32 bits.
    private static long ReadContentLength(ReadOnlySpan<byte> block, int blockAt, out int preamble)
    {
        long length = 0;
        for (preamble = 0; preamble < 5; preamble++)
        {
            if (preamble == block.Length) throw new CorruptDataException("snappy", "a block ends inside its content's length", blockAt + preamble);
            var part = block[preamble];
            length |= (long)(part & 0x7F) << (7 * preamble);
            if ((part & 0x80) == 0 && length <= uint.MaxValue)
            {
                preamble++;
                return length;
            }
        }
        throw new CorruptDataException("snappy", "a block's content length does not fit 32 bits", blockAt);
    }

    // positionBias turns an input address into a position in the compressed data.
    private static void Elements(byte* input, byte* inputEnd, byte* contentStart, byte* contentEnd, byte* scratchEnd, long positionBias)
    {
        var output = contentStart;
        while (input < inputEnd)
        {
            var element = input;
            int tag = *input++;
            int length;
            if ((tag & 3) == 0)
            {
                length = (tag >> 2) + 1;
                if (length <= 16 && inputEnd - input >= 16 && contentEnd - output >= 16)
                {
                    OverlappingCopy.Copy16(output, input);
                    input += length;
                    output += length;
                    continue;
                }
                if (length > MaxShortLiteral) length = ReadLiteralLength(length - MaxShortLiteral, ref input, inputEnd, positionBias);
                if (length > inputEnd - input) throw Fail($"a literal of {length} bytes where the block has {inputEnd - input} left", (long)element + positionBias);
                if (length > contentEnd - output) throw ContentTooLong(contentEnd - contentStart, (long)element + positionBias);
                OverlappingCopy.Literals(output, input, length, scratchEnd, inputEnd);
                input += length;
                output += length;
                continue;
            }

            int offset;
            if ((tag & 3) == 1)
            {
                // A one-byte offset, its upper three bits in the tag; 4 to 11 bytes.
                if (inputEnd - input < 1) throw EndsInsideCopy((long)inputEnd + positionBias);
                length = ((tag >> 2) & 7) + 4;
                offset = ((tag & 0xE0) << 3) | *input;
                input++;
            }
            else if ((tag & 3) == 2)
            {
                if (inputEnd - input < 2) throw EndsInsideCopy((long)inputEnd + positionBias);
                length = (tag >> 2) + 1;
                offset = input[0] | (input[1] << 8);
                input += 2;
            }
            else
            {
                if (inputEnd - input < 4) throw EndsInsideCopy((long)inputEnd + positionBias);
                length = (tag >> 2) + 1;
                offset = input[0] | (input[1] << 8) | (input[2] << 16) | (input[3] << 24);
                input += 4;
            }

            // As unsigned: offset 0 and a four-byte offset past 2 GiB are out of reach by the same comparison.
            if ((uint)offset - 1 >= (uint)(output - contentStart)) throw OutOfReach((uint)offset, output - contentStart, (long)element + positionBias);
            if (length > contentEnd - output) throw ContentTooLong(contentEnd - contentStart, (long)element + positionBias);
            OverlappingCopy.Match(output, offset, length, scratchEnd);
            output += length;
        }
        if (output != contentEnd)
        {
            throw Fail($"a block announces {contentEnd - contentStart} bytes of content and holds {output - contentStart}", (long)inputEnd + positionBias);
        }
    }

    private static int ReadLiteralLength(int byteCount, ref byte* input, byte* inputEnd, long positionBias)
    {
        if (inputEnd - input < byteCount) throw Fail("a block ends inside a literal's length", (long)inputEnd + positionBias);
        uint length = 0;
        for (var i = 0; i < byteCount; i++) length |= (uint)*input++ << (8 * i);
        // One more than stored; past 2 GiB no block can hold it.
        return length >= int.MaxValue ? int.MaxValue : (int)length + 1;
    }

    private static CorruptDataException OutOfReach(uint offset, long reachable, long position) =>
        Fail(offset == 0 ? "a copy with offset 0" : $"a copy reaches {offset} bytes back where only {reachable} are known", position);

    private static CorruptDataException ContentTooLong(long announced, long position) =>
        Fail($"a block holds more than the {announced} bytes of content it announces", position);

    private static CorruptDataException EndsInsideCopy(long position) => Fail("a block ends inside a copy", position);

    private static CorruptDataException Fail(string problem, long position) => new("snappy", problem, position);
}
