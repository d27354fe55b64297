using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Counts bytes in four tables side by side, so that a byte right after its like need not wait for the count to be stored.</summary>
internal static unsafe class ByteHistogram
{
    /// <param name="histogram">Receives 256 counts.</param>
    /// <param name="lanes">Scratch for 4 * 256 counts.</param>
    public static void Count(byte* bytes, int count, Span<uint> histogram, uint* lanes)
    {
        new Span<uint>(lanes, 4 * 256).Clear();
        uint* lane1 = lanes + 256, lane2 = lanes + 512, lane3 = lanes + 768;
        var i = 0;
        for (; i <= count - 8; i += 8)
        {
            var eight = Unsafe.ReadUnaligned<ulong>(bytes + i);
            lanes[(byte)eight]++;
            lane1[(byte)(eight >> 8)]++;
            lane2[(byte)(eight >> 16)]++;
            lane3[(byte)(eight >> 24)]++;
            lanes[(byte)(eight >> 32)]++;
            lane1[(byte)(eight >> 40)]++;
            lane2[(byte)(eight >> 48)]++;
            lane3[eight >> 56]++;
        }
        for (; i < count; i++) lanes[bytes[i]]++;
        for (i = 0; i < 256; i++) histogram[i] = lanes[i] + lane1[i] + lane2[i] + lane3[i];
    }
}
