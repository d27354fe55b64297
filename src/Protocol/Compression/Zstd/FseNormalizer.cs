using System.Numerics;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Turns how often symbols occur into probabilities that fill an FSE table exactly.</summary>
internal static class FseNormalizer
{
    /// <summary>A table pays for itself with few symbols only when it is small, and has to hold all that occur.</summary>
    public static int ChooseAccuracyLog(int maxLog, int total, int symbolCount)
    {
        var log = Math.Min(maxLog, BitOperations.Log2((uint)Math.Max(total - 1, 1)) - 2);
        var least = Math.Min(BitOperations.Log2((uint)total) + 1, BitOperations.Log2((uint)symbolCount) + 2);
        return Math.Clamp(Math.Max(log, least), 5, maxLog);
    }

    /// <summary>
    /// Rounds down first, then hands out what is left, or takes back what was given too much, where that changes the
    /// size of the result least.
    /// </summary>
    public static void Normalize(ReadOnlySpan<uint> histogram, int total, int accuracyLog, Span<short> counts)
    {
        var size = 1 << accuracyLog;
        var left = size;
        // Symbols below one share may be written as "less than one", which also puts them where they disturb least.
        // With little data a plain share of one is shorter.
        var rare = (short)(total >= 2048 ? -1 : 1);
        for (var symbol = 0; symbol < histogram.Length; symbol++)
        {
            var occurrences = (ulong)histogram[symbol];
            if (occurrences == 0)
            {
                counts[symbol] = 0;
                continue;
            }
            var share = (short)(occurrences * (ulong)size / (ulong)total);
            if (share <= 1 && occurrences * (ulong)size <= (ulong)total)
            {
                counts[symbol] = rare;
                left--;
                continue;
            }
            counts[symbol] = share;
            left -= share;
        }
        for (; left > 0; left--) counts[BestGain(histogram, counts)]++;
        for (; left < 0; left++) counts[LeastLoss(histogram, counts)]--;
    }

    private static int BestGain(ReadOnlySpan<uint> histogram, ReadOnlySpan<short> counts)
    {
        var best = -1;
        var bestGain = -1f;
        for (var symbol = 0; symbol < histogram.Length; symbol++)
        {
            if (counts[symbol] < 1) continue;
            // log2((p + 1) / p) is close to 2 / (2p + 1) but for a factor that is the same for all.
            var gain = histogram[symbol] / (2f * counts[symbol] + 1);
            if (gain <= bestGain) continue;
            bestGain = gain;
            best = symbol;
        }
        return best;
    }

    private static int LeastLoss(ReadOnlySpan<uint> histogram, ReadOnlySpan<short> counts)
    {
        var best = -1;
        var leastLoss = float.MaxValue;
        for (var symbol = 0; symbol < histogram.Length; symbol++)
        {
            if (counts[symbol] < 2) continue;
            var loss = histogram[symbol] / (2f * counts[symbol] - 1);
            if (loss >= leastLoss) continue;
            leastLoss = loss;
            best = symbol;
        }
        return best;
    }
}
