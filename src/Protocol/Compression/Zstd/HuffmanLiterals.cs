using System.Numerics;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Decodes Huffman-coded literals from one stream or from four that advance together.</summary>
internal static unsafe class HuffmanLiterals
{
    private const int JumpTableSize = 6;
    private const int Shift = 64 - ZstdFormat.MaxHuffmanBits;

    public static void DecodeOne(InputRange input, ushort* cells, byte* output, int count)
    {
        var stream = new HuffmanStream(input);
        stream.Finish(cells, output, output + count);
    }

    /// <summary>Section 3.1.1.3.1.6: a jump table gives the sizes of three streams, and all but the last hold a quarter rounded up.</summary>
    public static void DecodeFour(InputRange input, ushort* cells, byte* output, int count)
    {
        if (input.Length < JumpTableSize + 4) throw input.Corrupt("truncated within the jump table of four literals streams");
        var first = input.Start + JumpTableSize;
        var second = first + Unsafe.ReadUnaligned<ushort>(input.Start);
        var third = second + Unsafe.ReadUnaligned<ushort>(input.Start + 2);
        var fourth = third + Unsafe.ReadUnaligned<ushort>(input.Start + 4);
        if (fourth >= input.End) throw input.Corrupt("the jump table of four literals streams points outside the literals");
        var quarter = (count + 3) / 4;
        if (quarter * 3 > count) throw input.Corrupt($"four literals streams for only {count} literals");

        var stream0 = new HuffmanStream(input.Between(first, second));
        var stream1 = new HuffmanStream(input.Between(second, third));
        var stream2 = new HuffmanStream(input.Between(third, fourth));
        var stream3 = new HuffmanStream(input.Between(fourth, input.End));
        var done = DecodeTogether(ref stream0, ref stream1, ref stream2, ref stream3, cells, output, quarter, count - 3 * quarter);
        stream0.Finish(cells, output + done, output + quarter);
        stream1.Finish(cells, output + quarter + done, output + 2 * quarter);
        stream2.Finish(cells, output + 2 * quarter + done, output + 3 * quarter);
        stream3.Finish(cells, output + 3 * quarter + done, output + count);
    }

    /// <summary>
    /// The bulk of the literals, five from each stream per round. The number of rounds that can neither read nor write
    /// out of bounds is worked out beforehand, which leaves the rounds without checks.
    /// </summary>
    private static long DecodeTogether(
        ref HuffmanStream stream0, ref HuffmanStream stream1, ref HuffmanStream stream2, ref HuffmanStream stream3,
        ushort* cells, byte* output, nint quarter, int shortest)
    {
        var position = output;
        var end = output + shortest;
        while (true)
        {
            var rounds = Math.Min(
                Math.Min(stream0.SafeLoads, stream1.SafeLoads),
                Math.Min(stream2.SafeLoads, stream3.SafeLoads));
            rounds = Math.Min(rounds, (end - position) / HuffmanStream.CodesPerLoad);
            if (rounds <= 0) return position - output;
            var stop = position + rounds * HuffmanStream.CodesPerLoad;
            Rounds(ref stream0, ref stream1, ref stream2, ref stream3, cells, position, stop, quarter);
            position = stop;
        }
    }

    private static void Rounds(
        ref HuffmanStream stream0, ref HuffmanStream stream1, ref HuffmanStream stream2, ref HuffmanStream stream3,
        ushort* cells, byte* output, byte* stop, nint quarter)
    {
        ulong bits0 = stream0.Bits, bits1 = stream1.Bits, bits2 = stream2.Bits, bits3 = stream3.Bits;
        byte* pointer0 = stream0.Pointer, pointer1 = stream1.Pointer, pointer2 = stream2.Pointer, pointer3 = stream3.Pointer;
        var output2 = output + 2 * quarter;
        do
        {
            for (var i = 0; i < HuffmanStream.CodesPerLoad; i++)
            {
                int cell0 = cells[bits0 >> Shift];
                int cell1 = cells[bits1 >> Shift];
                int cell2 = cells[bits2 >> Shift];
                int cell3 = cells[bits3 >> Shift];
                bits0 <<= cell0;
                bits1 <<= cell1;
                bits2 <<= cell2;
                bits3 <<= cell3;
                output[i] = (byte)(cell0 >> 8);
                output[quarter + i] = (byte)(cell1 >> 8);
                output2[i] = (byte)(cell2 >> 8);
                output2[quarter + i] = (byte)(cell3 >> 8);
            }
            output += HuffmanStream.CodesPerLoad;
            output2 += HuffmanStream.CodesPerLoad;
            Load(ref bits0, ref pointer0);
            Load(ref bits1, ref pointer1);
            Load(ref bits2, ref pointer2);
            Load(ref bits3, ref pointer3);
        }
        while (output < stop);
        stream0.Bits = bits0;
        stream1.Bits = bits1;
        stream2.Bits = bits2;
        stream3.Bits = bits3;
        stream0.Pointer = pointer0;
        stream1.Pointer = pointer1;
        stream2.Pointer = pointer2;
        stream3.Pointer = pointer3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(ref ulong bits, ref byte* pointer)
    {
        var used = BitOperations.TrailingZeroCount(bits);
        pointer -= used >> 3;
        bits = (Unsafe.ReadUnaligned<ulong>(pointer) | 1) << (used & 7);
    }
}
