namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Which symbol each state of an FSE table stands for (RFC 8878 section 4.1.1); reader and writer must agree on it.</summary>
internal static unsafe class FseLayout
{
    /// <param name="counts">Probabilities that add up to the table's size, -1 counting as one.</param>
    /// <param name="symbols">Receives 2^<paramref name="accuracyLog"/> symbols.</param>
    public static void Spread(ReadOnlySpan<short> counts, int accuracyLog, byte* symbols)
    {
        var size = 1 << accuracyLog;
        var last = size - 1;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] == -1) symbols[last--] = (byte)symbol;
        }

        var mask = size - 1;
        var step = (size >> 1) + (size >> 3) + 3;
        var state = 0;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            for (int i = 0, count = counts[symbol]; i < count; i++)
            {
                symbols[state] = (byte)symbol;
                do
                {
                    state = (state + step) & mask;
                }
                while (state > last);
            }
        }
    }
}
