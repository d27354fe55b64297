using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Writes one stream of Huffman codes, from the last literal to the first (RFC 8878 section 4.2.2).</summary>
internal static unsafe class HuffmanStreamWriter
{
    /// <summary>
    /// The newest bits are at the top of <c>bits</c> and move down as more come. A code's length rides in its lowest
    /// bits, where it is both shift count and garbage that falls out at the bottom: with 7 bits left over and four
    /// codes of 11, it never gets up to bits that count.
    /// Precondition: eight writable bytes behind the stream. Returns the byte behind it.
    /// </summary>
    public static byte* Write(byte* output, byte* literals, int count, ulong* codes)
    {
        var bits = 0UL;
        var length = 0UL;
        var i = count;
        for (; (i & 3) != 0; i--)
        {
            var code = codes[literals[i - 1]];
            bits = (bits >> (int)code) | code;
            length += (byte)code;
        }
        Flush(ref output, bits, ref length);
        for (; i > 0; i -= 4)
        {
            var code3 = codes[literals[i - 1]];
            var code2 = codes[literals[i - 2]];
            var code1 = codes[literals[i - 3]];
            var code0 = codes[literals[i - 4]];
            bits = (bits >> (int)code3) | code3;
            bits = (bits >> (int)code2) | code2;
            bits = (bits >> (int)code1) | code1;
            bits = (bits >> (int)code0) | code0;
            length += (byte)(code3 + code2 + code1 + code0);
            Flush(ref output, bits, ref length);
        }

        // The end mark: a code of one bit that is set.
        bits = (bits >> 1) | (1UL << 63);
        length++;
        Flush(ref output, bits, ref length);
        return output + (length > 0 ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Flush(ref byte* output, ulong bits, ref ulong length)
    {
        // Two shifts, since nothing at all to write would be a shift by 64.
        Unsafe.WriteUnaligned(output, bits >> 1 >> (int)(63 - length));
        output += length >> 3;
        length &= 7;
    }
}
