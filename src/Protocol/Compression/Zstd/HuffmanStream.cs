using System.Numerics;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// One stream of Huffman codes, read from its end (RFC 8878 section 4.2.2). The unread bits are at the top of
/// <see cref="Bits"/>; a mark set in the lowest bit at each load moves up with them and so counts what was taken.
/// Precondition: eight bytes in front of the stream are readable, see <see cref="BackwardBitReader"/>.
/// </summary>
internal unsafe struct HuffmanStream
{
    /// <summary>At most 7 bits of a load are already used and five codes take 55: 62 of 63, so the mark is never lost.</summary>
    public const int CodesPerLoad = 5;

    /// <summary>The furthest that a load after <see cref="CodesPerLoad"/> codes moves back.</summary>
    public const int MaxBytesPerLoad = 7;

    public byte* Pointer;
    public ulong Bits;

    private readonly InputRange _range;

    public HuffmanStream(InputRange range)
    {
        if (range.Length < 1) throw range.Corrupt("an empty literals stream");
        var last = range.End[-1];
        if (last == 0) throw range.Corrupt("a literals stream without its end mark", range.End - 1);
        _range = range;
        Pointer = range.End - 8;
        Bits = (Unsafe.ReadUnaligned<ulong>(Pointer) | 1) << (8 - BitOperations.Log2(last));
    }

    /// <summary>How many full loads are certain to stay within the readable bytes.</summary>
    public readonly long SafeLoads => (Pointer - _range.Start + 8) / MaxBytesPerLoad;

    /// <summary>Decodes up to <paramref name="end"/> with every load checked, and demands that this uses up the stream.</summary>
    public void Finish(ushort* cells, byte* output, byte* end)
    {
        var bits = Bits;
        var pointer = Pointer;
        var floor = _range.Start - 8;
        while (true)
        {
            var used = BitOperations.TrailingZeroCount(bits);
            pointer -= used >> 3;
            if (pointer < floor) throw _range.Corrupt("a literals stream ends before its last literal");
            bits = (Unsafe.ReadUnaligned<ulong>(pointer) | 1) << (used & 7);
            if (end - output < CodesPerLoad) break;
            for (var i = 0; i < CodesPerLoad; i++)
            {
                int cell = cells[bits >> (64 - ZstdFormat.MaxHuffmanBits)];
                bits <<= cell;
                output[i] = (byte)(cell >> 8);
            }
            output += CodesPerLoad;
        }
        while (output < end)
        {
            int cell = cells[bits >> (64 - ZstdFormat.MaxHuffmanBits)];
            bits <<= cell;
            *output++ = (byte)(cell >> 8);
        }

        var left = (pointer + 8 - _range.Start) * 8 - BitOperations.TrailingZeroCount(bits);
        if (left < 0) throw _range.Corrupt("a literals stream ends before its last literal");
        // Section 4.2.2: a stream that is not used up exactly is corrupt.
        if (left > 0) throw _range.Corrupt("a literals stream goes on after its last literal");
    }
}
