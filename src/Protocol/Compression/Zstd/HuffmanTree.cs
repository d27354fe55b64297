namespace Moldau.Protocol.Compression.Zstd;

/// <summary>The code of each literal, as the encoder uses it.</summary>
internal sealed unsafe class HuffmanTree
{
    private readonly PinnedTable<ulong> _codes = new(256);
    private readonly byte[] _lengths = new byte[256];
    private readonly FseEncodeTable _weightTable = new();
    private int _symbolCount;
    private int _longest;

    /// <summary>For each symbol its code in the highest bits and the code's length in the lowest.</summary>
    public ulong* Codes => _codes.Pointer;

    /// <summary>Precondition: at least two symbols occur.</summary>
    public void Build(ReadOnlySpan<uint> histogram)
    {
        _longest = HuffmanLengths.Build(histogram, ZstdFormat.MaxHuffmanBits, _lengths);
        _symbolCount = _lengths.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        AssignCodes();
    }

    /// <summary>The bits that literals so distributed take, or null when one of them has no code.</summary>
    public long? Cost(ReadOnlySpan<uint> histogram)
    {
        var bits = 0L;
        for (var symbol = 0; symbol < histogram.Length; symbol++)
        {
            if (histogram[symbol] == 0) continue;
            if (_lengths[symbol] == 0) return null;
            bits += histogram[symbol] * (long)_lengths[symbol];
        }
        return bits;
    }

    /// <summary>Writes the tree's description and returns the byte behind it, or null when the format cannot describe it.</summary>
    public byte* WriteDescription(byte* output)
    {
        // Section 4.2.1: weights rise as codes get shorter, and the last symbol's goes without saying.
        Span<byte> weights = stackalloc byte[256];
        var count = _symbolCount - 1;
        for (var i = 0; i < count; i++) weights[i] = (byte)(_lengths[i] == 0 ? 0 : _longest + 1 - _lengths[i]);
        weights = weights[..count];

        var directSize = (count + 1) / 2;
        var end = HuffmanWeightsWriter.WriteCompressed(output + 1, weights, _weightTable);
        if (end != null && end - output - 1 < Math.Min(directSize, 128))
        {
            *output = (byte)(end - output - 1);
            return end;
        }
        // Section 4.2.1.1: the header byte counts direct weights from 128 up, so there is room for 128 of them.
        if (count > 128) return null;
        *output++ = (byte)(127 + count);
        for (var i = 0; i < count; i += 2) *output++ = (byte)((weights[i] << 4) | (i + 1 < count ? weights[i + 1] : 0));
        return output;
    }

    /// <summary>Section 4.2.1.3: from the longest codes to the shortest, within a length in the symbols' order.</summary>
    private void AssignCodes()
    {
        Span<int> next = stackalloc int[ZstdFormat.MaxHuffmanBits + 2];
        next.Clear();
        foreach (var length in _lengths.AsSpan(0, _symbolCount)) next[length]++;
        var first = 0;
        for (var length = _longest; length > 0; length--)
        {
            var count = next[length];
            next[length] = first;
            first = (first + count) >> 1;
        }
        for (var symbol = 0; symbol < _symbolCount; symbol++)
        {
            int length = _lengths[symbol];
            _codes.Pointer[symbol] = length == 0 ? 0 : ((ulong)next[length]++ << (64 - length)) | (uint)length;
        }
    }
}
