namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Decodes the literals section of a block (RFC 8878 section 3.1.1.3.1) and keeps the tree for the blocks after it.</summary>
internal sealed unsafe class LiteralsDecoder
{
    private readonly PinnedTable<byte> _buffer = new(ZstdFormat.MaxBlockSize + ZstdFormat.CopySlack);
    private readonly HuffmanDecodeTable _tree = new();

    /// <summary>The literals of the block read last, with at least <see cref="ZstdFormat.CopySlack"/> readable bytes behind them.</summary>
    public byte* Literals { get; private set; }

    public int Count { get; private set; }

    public void ForgetTree() => _tree.Forget();

    /// <summary>Reads a literals section and returns the byte behind it.</summary>
    /// <param name="block">The content of a compressed block.</param>
    /// <param name="readableEnd">Where the bytes end that may be read at all; raw literals are used in place when far enough from it.</param>
    /// <param name="blockMaximum">The most literals this frame's blocks may hold.</param>
    public byte* Read(InputRange block, byte* readableEnd, int blockMaximum)
    {
        if (block.Length < 1) throw block.Corrupt("truncated before the literals section");
        var type = (LiteralsType)(block.Start[0] & 3);
        return type is LiteralsType.Raw or LiteralsType.Rle
            ? ReadPlain(block, type, readableEnd, blockMaximum)
            : ReadCoded(block, type, blockMaximum);
    }

    private byte* ReadPlain(InputRange block, LiteralsType type, byte* readableEnd, int blockMaximum)
    {
        var header = block.Start;
        var format = (header[0] >> 2) & 3;
        // Formats 0 and 2 differ in a bit that is already part of the size.
        var headerSize = format switch { 1 => 2, 3 => 3, _ => 1 };
        if (block.Length < headerSize) throw block.Corrupt("truncated within the literals section header");
        var count = headerSize switch
        {
            1 => header[0] >> 3,
            2 => (header[0] >> 4) | (header[1] << 4),
            _ => (header[0] >> 4) | (header[1] << 4) | (header[2] << 12),
        };
        CheckCount(block, count, blockMaximum);
        var content = header + headerSize;
        var stored = type == LiteralsType.Raw ? count : 1;
        if (block.End - content < stored) throw block.Corrupt("truncated within the literals");

        Count = count;
        Literals = _buffer.Pointer;
        if (type == LiteralsType.Rle)
        {
            new Span<byte>(Literals, count).Fill(*content);
        }
        else if (readableEnd - content >= count + ZstdFormat.CopySlack)
        {
            Literals = content;
        }
        else
        {
            Buffer.MemoryCopy(content, Literals, count, count);
        }
        return content + stored;
    }

    private byte* ReadCoded(InputRange block, LiteralsType type, int blockMaximum)
    {
        var header = block.Start;
        var format = (header[0] >> 2) & 3;
        var headerSize = format switch { 2 => 4, 3 => 5, _ => 3 };
        if (block.Length < headerSize) throw block.Corrupt("truncated within the literals section header");
        // Two sizes of 10, 14 or 18 bits follow the four bits of type and format.
        var fields = 0UL;
        for (var i = 0; i < headerSize; i++) fields |= (ulong)header[i] << (8 * i);
        var width = format switch { 2 => 14, 3 => 18, _ => 10 };
        var mask = (1u << width) - 1;
        var count = (int)((uint)(fields >> 4) & mask);
        var size = (int)((uint)(fields >> (4 + width)) & mask);
        CheckCount(block, count, blockMaximum);
        var content = header + headerSize;
        if (block.End - content < size) throw block.Corrupt("truncated within the literals");

        var end = content + size;
        if (type == LiteralsType.Compressed)
        {
            content = _tree.Read(block.Between(content, end));
        }
        else if (!_tree.IsLoaded)
        {
            throw block.Corrupt("literals without a Huffman tree and no tree came before them");
        }

        Count = count;
        Literals = _buffer.Pointer;
        var streams = block.Between(content, end);
        if (format == 0)
        {
            HuffmanLiterals.DecodeOne(streams, _tree.Cells, Literals, count);
        }
        else
        {
            HuffmanLiterals.DecodeFour(streams, _tree.Cells, Literals, count);
        }
        return end;
    }

    private static void CheckCount(InputRange block, int count, int blockMaximum)
    {
        if (count > blockMaximum) throw block.Corrupt($"{count} literals in a block of at most {blockMaximum} bytes");
    }
}
