namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Writes Huffman weights coded with FSE, for <see cref="HuffmanWeights"/> to read (RFC 8878 section 4.2.1.2).</summary>
internal static unsafe class HuffmanWeightsWriter
{
    private const int MaxAccuracyLog = 6;

    /// <summary>Returns the byte behind the weights, or null when they cannot be coded so.</summary>
    /// <param name="table">Scratch; what it held is lost.</param>
    public static byte* WriteCompressed(byte* output, ReadOnlySpan<byte> weights, FseEncodeTable table)
    {
        if (weights.Length < 2) return null;
        Span<uint> histogram = stackalloc uint[ZstdFormat.MaxHuffmanBits + 1];
        histogram.Clear();
        foreach (var weight in weights) histogram[weight]++;
        histogram = histogram[..(histogram.LastIndexOfAnyExcept(0u) + 1)];
        // A table of one symbol would take no bits per weight, and the reader tells the end by running out of bits.
        if (histogram[^1] == weights.Length) return null;

        Span<short> counts = stackalloc short[histogram.Length];
        var accuracyLog = FseNormalizer.ChooseAccuracyLog(MaxAccuracyLog, weights.Length, histogram.Length);
        FseNormalizer.Normalize(histogram, weights.Length, accuracyLog, counts);
        table.Build(counts, accuracyLog);
        output = FseDistributionWriter.Write(output, counts, accuracyLog);

        // Two states take turns; the reader begins with the one for even positions. Written from the end.
        var writer = new BitWriter(output);
        var last = weights.Length - 1;
        var current = table.FirstState(weights[last]);
        var other = table.FirstState(weights[last - 1]);
        for (var i = last - 2; i >= 0; i--)
        {
            current = FseEncodeTable.Encode(ref writer, table.States, table.Steps, current, weights[i]);
            writer.Flush();
            (current, other) = (other, current);
        }
        // The state whose turn would be next in writing is the reader's second.
        writer.Add(current & ((1u << accuracyLog) - 1), accuracyLog);
        writer.Add(other & ((1u << accuracyLog) - 1), accuracyLog);
        return writer.Close();
    }
}
