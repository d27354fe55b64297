using System.Numerics;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Reads the description of an FSE table: an accuracy and one probability per symbol (RFC 8878 section 4.1.1).</summary>
internal static unsafe class FseDistributionReader
{
    /// <summary>
    /// Fills <paramref name="counts"/> with probabilities in units of 2^-accuracyLog, -1 standing for "less than one",
    /// and returns the byte behind the description. The room in <paramref name="counts"/> is the size of the alphabet.
    /// </summary>
    public static byte* Read(InputRange input, int maxAccuracyLog, Span<short> counts, out int accuracyLog, out int symbolCount)
    {
        if (input.Length < 1) throw input.Corrupt("truncated before an FSE table description");
        accuracyLog = (input.Start[0] & 15) + 5;
        if (accuracyLog > maxAccuracyLog)
        {
            throw input.Corrupt($"an FSE table claims an accuracy of {accuracyLog} bits where {maxAccuracyLog} is the most");
        }

        long bit = 4;
        var remaining = 1 << accuracyLog;
        var symbol = 0;
        while (remaining > 0)
        {
            if (symbol >= counts.Length) throw input.Corrupt("an FSE table describes more symbols than its alphabet has");
            var probability = ReadProbability(input, ref bit, remaining);
            counts[symbol++] = (short)probability;
            remaining -= probability < 0 ? 1 : probability;
            if (probability == 0) symbol = ReadZeroRun(input, ref bit, counts, symbol);
        }

        var end = input.Start + ((bit + 7) >> 3);
        if (end > input.End) throw input.Corrupt("truncated within an FSE table description");
        symbolCount = symbol;
        return end;
    }

    /// <summary>A value from 0 to remaining + 1 in as few bits as tell these apart; it is one more than the probability.</summary>
    private static int ReadProbability(InputRange input, ref long bit, int remaining)
    {
        var largest = (uint)remaining + 1;
        var width = BitOperations.Log2(largest) + 1;
        // The field has this many more values than are needed, so that many small ones make do with one bit less.
        var shorter = (1u << width) - 1 - largest;
        var value = Peek(input, bit, width);
        var half = 1u << (width - 1);
        if ((value & (half - 1)) < shorter)
        {
            bit += width - 1;
            return (int)(value & (half - 1)) - 1;
        }
        bit += width;
        return (int)(value >= half ? value - shorter : value) - 1;
    }

    /// <summary>After a probability of zero, two-bit fields count further zeros; three means that another field follows.</summary>
    private static int ReadZeroRun(InputRange input, ref long bit, Span<short> counts, int symbol)
    {
        uint run;
        do
        {
            run = Peek(input, bit, 2);
            bit += 2;
            if (symbol + run > counts.Length) throw input.Corrupt("an FSE table describes more symbols than its alphabet has");
            counts.Slice(symbol, (int)run).Clear();
            symbol += (int)run;
        }
        while (run == 3);
        return symbol;
    }

    /// <summary>Bits behind the end read as zero; the caller notices when it is done.</summary>
    private static uint Peek(InputRange input, long bit, int width)
    {
        var at = input.Start + (bit >> 3);
        var window = 0u;
        for (var i = 0; i < 4 && at + i < input.End; i++) window |= (uint)at[i] << (8 * i);
        return (window >> (int)(bit & 7)) & ((1u << width) - 1);
    }
}
