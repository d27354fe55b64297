using System.Numerics;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Reads the description of a Huffman tree: a weight per symbol, the last one left out (RFC 8878 section 4.2.1).</summary>
internal static unsafe class HuffmanWeights
{
    private const int MaxWeightAccuracyLog = 6;

    /// <summary>Fills <paramref name="weights"/> (room for 256) and returns the byte behind the description.</summary>
    public static byte* Read(InputRange input, Span<byte> weights, out int symbolCount, out int treeBits)
    {
        if (input.Length < 1) throw input.Corrupt("truncated before a Huffman tree description");
        int header = input.Start[0];
        var body = input.Start + 1;
        byte* end;
        int known;
        if (header < 128)
        {
            end = body + header;
            if (end > input.End) throw input.Corrupt("truncated within a Huffman tree description");
            known = ReadCompressed(input.Between(body, end), weights);
        }
        else
        {
            known = header - 127;
            end = body + (known + 1) / 2;
            if (end > input.End) throw input.Corrupt("truncated within a Huffman tree description");
            for (var i = 0; i < known; i++) weights[i] = (byte)((i & 1) == 0 ? body[i / 2] >> 4 : body[i / 2] & 15);
        }
        symbolCount = Complete(input, weights, known, out treeBits);
        return end;
    }

    /// <summary>Section 4.2.1.2: two FSE states take turns until the bits run out, then each gives its last symbol.</summary>
    private static int ReadCompressed(InputRange input, Span<byte> weights)
    {
        Span<short> counts = stackalloc short[ZstdFormat.MaxHuffmanBits + 2];
        var streamStart = FseDistributionReader.Read(input, MaxWeightAccuracyLog, counts, out var accuracyLog, out var symbolCount);
        counts = counts[..symbolCount];
        var size = 1 << accuracyLog;
        var symbols = stackalloc byte[1 << MaxWeightAccuracyLog];
        FseLayout.Spread(counts, accuracyLog, symbols);
        var bits = stackalloc byte[1 << MaxWeightAccuracyLog];
        var next = stackalloc byte[1 << MaxWeightAccuracyLog];
        Span<ushort> shares = stackalloc ushort[symbolCount];
        for (var i = 0; i < symbolCount; i++) shares[i] = (ushort)(counts[i] == -1 ? 1 : counts[i]);
        for (var state = 0; state < size; state++)
        {
            uint share = shares[symbols[state]]++;
            bits[state] = (byte)(accuracyLog - BitOperations.Log2(share));
            next[state] = (byte)((share << bits[state]) - (uint)size);
        }

        var stream = input.From(streamStart);
        var reader = new BackwardBitReader(stream);
        var first = reader.Read(accuracyLog);
        var second = reader.Read(accuracyLog);
        if (reader.Overread) throw stream.Corrupt("a Huffman tree description too short for its two states");
        var known = 0;
        while (true)
        {
            // 255 is the most: the 256th symbol's weight is never written.
            if (known > 253) throw stream.Corrupt("a Huffman tree description with more than 255 weights");
            weights[known++] = symbols[first];
            first = next[first] + reader.Read(bits[first]);
            if (reader.Overread)
            {
                weights[known++] = symbols[second];
                return known;
            }
            (first, second) = (second, first);
        }
    }

    /// <summary>The last weight is what is missing to a full tree, so the rest must be a power of two.</summary>
    private static int Complete(InputRange input, Span<byte> weights, int known, out int treeBits)
    {
        var total = 0u;
        var longest = 0;
        for (var i = 0; i < known; i++)
        {
            if (weights[i] > ZstdFormat.MaxHuffmanBits) throw input.Corrupt($"a Huffman weight of {weights[i]}, over the limit of {ZstdFormat.MaxHuffmanBits}");
            total += (1u << weights[i]) >> 1;
            if (weights[i] == 1) longest++;
        }
        if (total == 0) throw input.Corrupt("a Huffman tree without any weight");
        treeBits = BitOperations.Log2(total) + 1;
        if (treeBits > ZstdFormat.MaxHuffmanBits) throw input.Corrupt($"a Huffman tree {treeBits} bits deep, over the limit of {ZstdFormat.MaxHuffmanBits}");
        var missing = (1u << treeBits) - total;
        if (!BitOperations.IsPow2(missing)) throw input.Corrupt("Huffman weights that no last symbol completes to a tree");
        var lastWeight = BitOperations.Log2(missing) + 1;
        weights[known] = (byte)lastWeight;
        if (lastWeight == 1) longest++;
        // A tree has two leaves at least on its deepest level.
        if (longest < 2) throw input.Corrupt("Huffman weights that leave the deepest level of the tree empty");
        return known + 1;
    }
}
