namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// Looks up the next 11 bits of a literals stream: each cell holds a symbol in its high byte and the length of the
/// symbol's code in its low byte. Shallower trees fill the same 11 bits, which keeps the shift in the loops constant.
/// </summary>
internal sealed unsafe class HuffmanDecodeTable
{
    private const int CellCount = 1 << ZstdFormat.MaxHuffmanBits;

    private readonly PinnedTable<ushort> _cells = new(CellCount);

    public ushort* Cells => _cells.Pointer;

    /// <summary>False until a block of the frame brings a tree; treeless literals need one.</summary>
    public bool IsLoaded { get; private set; }

    public void Forget() => IsLoaded = false;

    /// <summary>Reads a tree and returns the byte behind its description.</summary>
    public byte* Read(InputRange input)
    {
        IsLoaded = false;
        Span<byte> weights = stackalloc byte[256];
        var end = HuffmanWeights.Read(input, weights, out var symbolCount, out var treeBits);
        Fill(weights[..symbolCount], treeBits);
        IsLoaded = true;
        return end;
    }

    /// <summary>Section 4.2.1.3: codes are given out from the lowest weight up, within a weight in the symbols' order.</summary>
    private void Fill(ReadOnlySpan<byte> weights, int treeBits)
    {
        Span<int> starts = stackalloc int[ZstdFormat.MaxHuffmanBits + 2];
        starts.Clear();
        var scale = ZstdFormat.MaxHuffmanBits - treeBits;
        foreach (var weight in weights)
        {
            if (weight != 0) starts[weight + 1] += (1 << (weight - 1)) << scale;
        }
        for (var weight = 1; weight < starts.Length; weight++) starts[weight] += starts[weight - 1];

        var cells = _cells.Span;
        for (var symbol = 0; symbol < weights.Length; symbol++)
        {
            int weight = weights[symbol];
            if (weight == 0) continue;
            var width = (1 << (weight - 1)) << scale;
            var cell = (ushort)((symbol << 8) | (treeBits + 1 - weight));
            cells.Slice(starts[weight], width).Fill(cell);
            starts[weight] += width;
        }
    }
}
