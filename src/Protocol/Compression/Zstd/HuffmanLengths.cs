namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Finds code lengths of at most a given number of bits for symbols that occur so and so often.</summary>
internal static class HuffmanLengths
{
    /// <summary>Precondition: at least two symbols occur. Returns the longest length; symbols that do not occur get 0.</summary>
    public static int Build(ReadOnlySpan<uint> histogram, int maxBits, Span<byte> lengths)
    {
        Span<uint> sorted = stackalloc uint[256];
        var count = 0;
        for (var symbol = 0; symbol < histogram.Length; symbol++)
        {
            // A block has 2^17 literals at most, which leaves room for the symbol below the count.
            if (histogram[symbol] != 0) sorted[count++] = (histogram[symbol] << 8) | (uint)symbol;
        }
        sorted = sorted[..count];
        sorted.Sort();

        Span<byte> depths = stackalloc byte[256];
        depths = depths[..count];
        FindDepths(sorted, depths);
        Limit(depths, maxBits);
        lengths.Clear();
        var longest = 0;
        for (var i = 0; i < count; i++)
        {
            lengths[(byte)sorted[i]] = depths[i];
            longest = Math.Max(longest, depths[i]);
        }
        return longest;
    }

    /// <summary>
    /// The two rarest trees become one until one is left. Leaves come sorted and joined trees come out in order, so two
    /// queues do. Afterwards depths follow from the root down.
    /// </summary>
    private static void FindDepths(ReadOnlySpan<uint> sorted, Span<byte> depths)
    {
        var leaves = sorted.Length;
        Span<uint> weights = stackalloc uint[256];
        Span<short> parents = stackalloc short[512];
        int nextLeaf = 0, nextTree = 0;
        for (var tree = 0; tree < leaves - 1; tree++)
        {
            var weight = 0u;
            for (var child = 0; child < 2; child++)
            {
                var takeLeaf = nextLeaf < leaves && (nextTree == tree || sorted[nextLeaf] >> 8 <= weights[nextTree]);
                if (takeLeaf)
                {
                    weight += sorted[nextLeaf] >> 8;
                    parents[nextLeaf++] = (short)tree;
                }
                else
                {
                    weight += weights[nextTree];
                    parents[256 + nextTree++] = (short)tree;
                }
            }
            weights[tree] = weight;
        }

        Span<byte> treeDepths = stackalloc byte[256];
        treeDepths[leaves - 2] = 0;
        for (var tree = leaves - 3; tree >= 0; tree--) treeDepths[tree] = (byte)(treeDepths[parents[256 + tree]] + 1);
        for (var leaf = 0; leaf < leaves; leaf++) depths[leaf] = (byte)(treeDepths[parents[leaf]] + 1);
    }

    /// <summary>Cuts codes that are too long and pays for it by lengthening others, the rarest first.</summary>
    /// <param name="depths">In the order of rising frequency, so never rising themselves.</param>
    private static void Limit(Span<byte> depths, int maxBits)
    {
        if (depths[0] <= maxBits) return;
        // Codes of a length take up a share of the code space; the shares in units of the smallest add up to at most this.
        var space = 1 << maxBits;
        var used = 0;
        for (var i = 0; i < depths.Length; i++)
        {
            if (depths[i] > maxBits) depths[i] = (byte)maxBits;
            used += 1 << (maxBits - depths[i]);
        }
        while (used > space)
        {
            // Lengthening the longest codes that are short enough frees the smallest share and costs the fewest bits.
            var i = 0;
            while (depths[i] == maxBits) i++;
            depths[i]++;
            used -= 1 << (maxBits - depths[i]);
        }
        // What the last step freed beyond need goes to the most frequent codes that it suffices to shorten.
        for (var i = depths.Length - 1; i >= 0 && used < space; i--)
        {
            while (depths[i] > 1 && used + (1 << (maxBits - depths[i])) <= space)
            {
                used += 1 << (maxBits - depths[i]);
                depths[i]--;
            }
        }
    }
}
