using System.Numerics;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Writes what <see cref="FseDistributionReader"/> reads (RFC 8878 section 4.1.1).</summary>
internal static unsafe class FseDistributionWriter
{
    /// <summary>The most bytes a description takes: 53 symbols of at most ten bits each, with room to spare.</summary>
    public const int MaxSize = 128;

    /// <param name="counts">Probabilities up to the last symbol that occurs.</param>
    public static byte* Write(byte* output, ReadOnlySpan<short> counts, int accuracyLog)
    {
        var writer = new BitWriter(output);
        var written = 4;
        writer.Add((uint)accuracyLog - 5, 4);
        var remaining = 1 << accuracyLog;
        var symbol = 0;
        while (remaining > 0)
        {
            int probability = counts[symbol++];
            var largest = (uint)remaining + 1;
            var width = BitOperations.Log2(largest) + 1;
            var shorter = (1u << width) - 1 - largest;
            var value = (uint)(probability + 1);
            if (value < shorter)
            {
                width--;
            }
            else if (value >= 1u << (width - 1))
            {
                value += shorter;
            }
            writer.Add(value, width);
            written += width;
            remaining -= Math.Abs(probability);
            if (probability == 0) written += WriteZeroRun(ref writer, counts, ref symbol);
            writer.Flush();
        }
        return output + (written + 7) / 8;
    }

    private static int WriteZeroRun(ref BitWriter writer, ReadOnlySpan<short> counts, ref int symbol)
    {
        var run = 0;
        while (counts[symbol + run] == 0) run++;
        symbol += run;
        var written = 2;
        for (; run >= 3; run -= 3)
        {
            writer.Add(3, 2);
            writer.Flush();
            written += 2;
        }
        writer.Add((uint)run, 2);
        return written;
    }
}
