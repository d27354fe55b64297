using System.Buffers.Binary;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Compresses a source into one frame; its tables are reused from call to call.</summary>
internal sealed unsafe class FrameEncoder
{
    private readonly MatchContext _matches = new();
    private readonly BlockEncoder _blocks = new();
    private OptimalParser? _optimal;

    public void Encode(ReadOnlySpan<byte> source, PooledBuffer destination, int level)
    {
        var parameters = LevelTable.For(level, source.Length);
        WriteHeader(source.Length, parameters.WindowLog, destination);
        if (source.IsEmpty)
        {
            WriteBlockHeader(destination, BlockType.Raw, 0, last: true);
            return;
        }
        fixed (byte* start = source)
        {
            _matches.Start(start, source.Length, parameters);
            try
            {
                _blocks.StartFrame();
                for (var done = 0; done < source.Length; done += ZstdFormat.MaxBlockSize)
                {
                    var size = Math.Min(ZstdFormat.MaxBlockSize, source.Length - done);
                    EncodeBlock(source.Slice(done, size), start + done, destination, last: done + size == source.Length);
                }
            }
            finally
            {
                _matches.Finish();
            }
        }
    }

    private void EncodeBlock(ReadOnlySpan<byte> block, byte* start, PooledBuffer destination, bool last)
    {
        if (block.Length > 1 && block[1..].SequenceEqual(block[..^1]))
        {
            WriteBlockHeader(destination, BlockType.Rle, block.Length, last);
            destination.WriteByte(block[0]);
            return;
        }

        var repeats = _matches.Repeats;
        _matches.Store.Reset(_matches.SourceEnd);
        FindSequences(start, start + block.Length);
        // What saves next to nothing is not worth decoding.
        var maxSize = block.Length - (block.Length >> 7) - 2;
        var compressed = _blocks.Encode(_matches.Store, maxSize, _matches.Parameters.CompressLiterals);
        if (compressed.IsEmpty)
        {
            // A reader sees no sequences in a raw block, so its last offsets stay what they were.
            _matches.Repeats = repeats;
            WriteBlockHeader(destination, BlockType.Raw, block.Length, last);
            destination.Write(block);
            return;
        }
        WriteBlockHeader(destination, BlockType.Compressed, compressed.Length, last);
        destination.Write(compressed);
    }

    private void FindSequences(byte* start, byte* end)
    {
        switch (_matches.Parameters.Strategy)
        {
            case MatchStrategy.Fast:
                FastMatcher.FindSequences(_matches, start, end);
                break;
            case MatchStrategy.DoubleFast:
                DoubleFastMatcher.FindSequences(_matches, start, end);
                break;
            case MatchStrategy.Optimal or MatchStrategy.OptimalTwice:
                (_optimal ??= new OptimalParser()).FindSequences(_matches, start, end);
                break;
            default:
                LazyMatcher.FindSequences(_matches, start, end);
                break;
        }
    }

    /// <summary>Section 3.1.1.1: always with the content size, and without a window when the content fits into it.</summary>
    private static void WriteHeader(int sourceSize, int windowLog, PooledBuffer destination)
    {
        Span<byte> header = stackalloc byte[4 + 1 + 1 + 4];
        BinaryPrimitives.WriteUInt32LittleEndian(header, ZstdFormat.FrameMagic);
        var singleSegment = sourceSize <= 1L << windowLog;
        var length = 5;
        if (!singleSegment) header[length++] = (byte)((windowLog - 10) << 3);
        int flag;
        if (sourceSize < 256 && singleSegment)
        {
            flag = 0;
            header[length++] = (byte)sourceSize;
        }
        else if (sourceSize < 65536 + 256)
        {
            flag = 1;
            BinaryPrimitives.WriteUInt16LittleEndian(header[length..], (ushort)(sourceSize - 256));
            length += 2;
        }
        else
        {
            flag = 2;
            BinaryPrimitives.WriteUInt32LittleEndian(header[length..], (uint)sourceSize);
            length += 4;
        }
        header[4] = (byte)((flag << 6) | (singleSegment ? 0x20 : 0));
        destination.Write(header[..length]);
    }

    private static void WriteBlockHeader(PooledBuffer destination, BlockType type, int size, bool last)
    {
        var fields = (uint)((size << 3) | ((int)type << 1) | (last ? 1 : 0));
        ReadOnlySpan<byte> header = [(byte)fields, (byte)(fields >> 8), (byte)(fields >> 16)];
        destination.Write(header);
    }
}
