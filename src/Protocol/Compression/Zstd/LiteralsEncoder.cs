using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Writes the literals section of a block (RFC 8878 section 3.1.1.3.1).</summary>
internal sealed unsafe class LiteralsEncoder
{
    /// <summary>Below this, the jump table of four streams costs more than decoding them side by side gains.</summary>
    private const int MinFourStreams = 256;

    private readonly PinnedTable<uint> _lanes = new(4 * 256);
    private HuffmanTree _previous = new();
    private HuffmanTree _fresh = new();
    private bool _hasPrevious;
    private bool _wroteTree;

    public void StartFrame() => _hasPrevious = false;

    /// <summary>The block goes out with the section written last, so its tree can be used again.</summary>
    public void Commit()
    {
        if (!_wroteTree) return;
        (_previous, _fresh) = (_fresh, _previous);
        _hasPrevious = true;
    }

    /// <summary>Returns the byte behind the section. Precondition: room for the literals as they are, and slack.</summary>
    public byte* Write(byte* literals, int count, byte* output, bool compress)
    {
        _wroteTree = false;
        if (!compress || count < 8) return WriteRaw(literals, count, output);

        Span<uint> histogram = stackalloc uint[256];
        ByteHistogram.Count(literals, count, histogram, _lanes.Pointer);
        histogram = histogram[..(histogram.LastIndexOfAnyExcept(0u) + 1)];
        var most = 0u;
        foreach (var occurrences in histogram) most = Math.Max(most, occurrences);
        if (most == count) return WriteRle(literals, count, output);
        // Literals this evenly spread are not worth building a tree for.
        if (most <= (count >> 7) + 4 && !_hasPrevious) return WriteRaw(literals, count, output);

        var repeatBits = _hasPrevious ? _previous.Cost(histogram) ?? long.MaxValue : long.MaxValue;
        _fresh.Build(histogram);
        var freshBits = _fresh.Cost(histogram)!.Value;
        var content = output + HeaderSize(count);
        var description = _fresh.WriteDescription(content);
        var freshSize = description == null ? long.MaxValue : freshBits / 8 + (description - content);
        var repeatSize = repeatBits == long.MaxValue ? long.MaxValue : repeatBits / 8;
        // What is hardly smaller is not worth decoding. Four streams and their jump table add up to ten bytes.
        if (Math.Min(freshSize, repeatSize) >= count - (count >> 6) - 10) return WriteRaw(literals, count, output);

        var repeats = repeatSize <= freshSize;
        _wroteTree = !repeats;
        var end = WriteStreams(literals, count, repeats ? content : description, (repeats ? _previous : _fresh).Codes);
        WriteHeader(output, repeats ? LiteralsType.Treeless : LiteralsType.Compressed, count, (int)(end - content));
        return end;
    }

    private static byte* WriteStreams(byte* literals, int count, byte* output, ulong* codes)
    {
        if (count < MinFourStreams) return HuffmanStreamWriter.Write(output, literals, count, codes);
        var quarter = (count + 3) / 4;
        var jumpTable = output;
        output += 6;
        for (var i = 0; i < 3; i++)
        {
            var end = HuffmanStreamWriter.Write(output, literals + i * quarter, quarter, codes);
            Unsafe.WriteUnaligned(jumpTable + 2 * i, (ushort)(end - output));
            output = end;
        }
        return HuffmanStreamWriter.Write(output, literals + 3 * quarter, count - 3 * quarter, codes);
    }

    private static int HeaderSize(int count) => count < 1 << 10 ? 3 : count < 1 << 14 ? 4 : 5;

    private static void WriteHeader(byte* output, LiteralsType type, int count, int size)
    {
        var headerSize = HeaderSize(count);
        // Formats: 0 is one stream with sizes of 10 bits; 1, 2 and 3 are four streams with 10, 14 and 18.
        var format = count < MinFourStreams ? 0 : headerSize - 2;
        var width = headerSize switch { 3 => 10, 4 => 14, _ => 18 };
        var fields = (ulong)type | ((ulong)format << 2) | ((ulong)count << 4) | ((ulong)size << (4 + width));
        for (var i = 0; i < headerSize; i++) output[i] = (byte)(fields >> (8 * i));
    }

    private static byte* WriteRaw(byte* literals, int count, byte* output)
    {
        output = WritePlainHeader(output, LiteralsType.Raw, count);
        Buffer.MemoryCopy(literals, output, count, count);
        return output + count;
    }

    private static byte* WriteRle(byte* literals, int count, byte* output)
    {
        output = WritePlainHeader(output, LiteralsType.Rle, count);
        *output = *literals;
        return output + 1;
    }

    private static byte* WritePlainHeader(byte* output, LiteralsType type, int count)
    {
        if (count < 32)
        {
            *output++ = (byte)((int)type | (count << 3));
        }
        else if (count < 4096)
        {
            Unsafe.WriteUnaligned(output, (ushort)((int)type | (1 << 2) | (count << 4)));
            output += 2;
        }
        else
        {
            Unsafe.WriteUnaligned(output, (int)type | (3 << 2) | (count << 4));
            output += 3;
        }
        return output;
    }
}
