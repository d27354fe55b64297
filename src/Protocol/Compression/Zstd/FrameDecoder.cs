using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Decodes the frames of one input after another; its tables are reused from frame to frame and call to call.</summary>
internal sealed unsafe class FrameDecoder
{
    /// <summary>What a declared content size may reserve at once; beyond it room is made as content appears.</summary>
    private const int MaxTrustedSize = 1 << 20;

    private readonly LiteralsDecoder _literals = new();
    private readonly SequencesDecoder _sequences = new();

    public void DecodeAll(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        fixed (byte* start = source)
        {
            var input = new InputRange(start, start, start + source.Length);
            while (input.Length > 0) input = input.From(DecodeFrame(input, destination));
        }
    }

    private byte* DecodeFrame(InputRange input, PooledBuffer destination)
    {
        if (input.Length < 4) throw input.Corrupt("truncated within the magic number of a frame");
        var magic = Unsafe.ReadUnaligned<uint>(input.Start);
        if ((magic & ZstdFormat.SkippableMagicMask) == ZstdFormat.SkippableMagic) return Skip(input);
        if (magic != ZstdFormat.FrameMagic) throw input.Corrupt(DescribeMagic(magic));

        var position = FrameHeader.Read(input.From(input.Start + 4), out var header);
        var frameStart = destination.Length;
        Prepare(input.From(position), header, destination);
        _literals.ForgetTree();
        _sequences.StartFrame();
        bool last;
        do
        {
            position = DecodeBlock(input.From(position), header, destination, frameStart, out last);
            if (header.ContentSize is { } declared && (ulong)(destination.Length - frameStart) > declared)
            {
                throw input.Corrupt($"a frame holds more than the {declared} bytes it declares", position);
            }
        }
        while (!last);

        var produced = destination.Length - frameStart;
        if (header.ContentSize is { } expected && (ulong)produced != expected)
        {
            throw input.Corrupt($"a frame holds {produced} bytes where it declares {expected}", position);
        }
        if (!header.HasChecksum) return position;
        if (input.End - position < 4) throw input.Corrupt("truncated within the content checksum", position);
        var stored = Unsafe.ReadUnaligned<uint>(position);
        var computed = (uint)XxHash64.Hash(destination.WrittenSpan[frameStart..]);
        if (stored != computed) throw input.Corrupt($"the content checksum is {computed:x8} where the frame says {stored:x8}", position);
        return position + 4;
    }

    private static void Prepare(InputRange blocks, in FrameHeader header, PooledBuffer destination)
    {
        if (header.ContentSize is not { } declared) return;
        var room = destination.MaxLength - destination.Length;
        if (declared > (ulong)room)
        {
            throw new BufferLimitException((long)Math.Min(declared, long.MaxValue / 2) + destination.Length, destination.MaxLength);
        }
        // The size is a claim. Ordinary data shrinks less than 16-fold, and more than that grows with what is produced.
        var trusted = Math.Min((long)declared, Math.Max(Math.Min(MaxTrustedSize, blocks.Length * 256), blocks.Length * 16));
        destination.Reserve((int)Math.Min(trusted + ZstdFormat.CopySlack, room));
    }

    private byte* DecodeBlock(InputRange input, in FrameHeader header, PooledBuffer destination, int frameStart, out bool last)
    {
        if (input.Length < ZstdFormat.BlockHeaderSize) throw input.Corrupt("truncated within a block header");
        var fields = input.Start[0] | (input.Start[1] << 8) | (input.Start[2] << 16);
        last = (fields & 1) != 0;
        var type = (BlockType)((fields >> 1) & 3);
        var size = fields >> 3;
        if (type == BlockType.Reserved) throw input.Corrupt("a block of the reserved type");
        // Section 3.1.1.2.3: the limit is on the compressed size as well as on what the block regenerates.
        if (size > header.BlockMaximum) throw input.Corrupt($"a block of {size} bytes where its frame allows {header.BlockMaximum}");
        var content = input.Start + ZstdFormat.BlockHeaderSize;
        var stored = type == BlockType.Rle ? 1 : size;
        if (input.End - content < stored) throw input.Corrupt("truncated within a block", content);

        switch (type)
        {
            case BlockType.Raw:
                destination.Write(new ReadOnlySpan<byte>(content, size));
                break;
            case BlockType.Rle:
                destination.Reserve(size);
                destination.Bytes.AsSpan(destination.Length, size).Fill(*content);
                destination.Advance(size);
                break;
            default:
                DecodeCompressed(input.Between(content, content + size), input.End, header, destination, frameStart);
                break;
        }
        return content + stored;
    }

    private void DecodeCompressed(InputRange block, byte* readableEnd, in FrameHeader header, PooledBuffer destination, int frameStart)
    {
        var sequences = _literals.Read(block, readableEnd, header.BlockMaximum);
        var room = destination.MaxLength - destination.Length;
        var most = Math.Min(header.BlockMaximum, room);
        destination.Reserve(Math.Min(most + ZstdFormat.CopySlack, room));
        fixed (byte* bytes = destination.Bytes)
        {
            var start = bytes + destination.Length;
            var output = new BlockOutput
            {
                FrameStart = bytes + frameStart,
                Position = start,
                Limit = start + most,
                WritableEnd = bytes + destination.Bytes.Length,
                LimitedByBuffer = most < header.BlockMaximum,
                BufferLimit = destination.MaxLength,
                WindowSize = header.WindowSize,
            };
            _sequences.Execute(block.From(sequences), _literals.Literals, _literals.Count, ref output);
            destination.Advance((int)(output.Position - start));
        }
    }

    /// <summary>Section 3.1.2: four bytes of size, then content for somebody else.</summary>
    private static byte* Skip(InputRange input)
    {
        if (input.Length < 8) throw input.Corrupt("truncated within the header of a skippable frame");
        var size = Unsafe.ReadUnaligned<uint>(input.Start + 4);
        if (input.Length - 8 < size) throw input.Corrupt("truncated within a skippable frame");
        return input.Start + 8 + size;
    }

    private static string DescribeMagic(uint magic) => magic switch
    {
        0xFD2FB51E => "the legacy format of zstd 0.1 is not supported",
        >= 0xFD2FB522 and <= 0xFD2FB527 => $"the legacy format of zstd 0.{magic - 0xFD2FB520} is not supported",
        0xEC30A437 => "this is a zstd dictionary, not a frame",
        _ => $"not a zstd frame: the magic number is 0x{magic:X8}",
    };
}
