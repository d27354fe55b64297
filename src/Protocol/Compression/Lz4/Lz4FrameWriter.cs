using System.Buffers;
using System.Buffers.Binary;

namespace Moldau.Protocol.Compression.Lz4;

/// <summary>
/// Writes one frame as Kafka's Java producer does: independent blocks of 64 KiB, no content size, no checksum but the header's.
/// Its reader refuses linked blocks, so this is also the only kind of frame every client reads.
/// </summary>
internal static class Lz4FrameWriter
{
    private const uint UncompressedBit = 0x80000000;

    // Magic number; flags: version 1, independent blocks; largest block 64 KiB; the header checksum of those two bytes.
    private static ReadOnlySpan<byte> Header => [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82];

    public static void Write(ReadOnlySpan<byte> source, PooledBuffer destination, int level)
    {
        destination.Write(Header);
        if (!source.IsEmpty) WriteBlocks(source, destination, level);
        // The end mark.
        destination.Write([0, 0, 0, 0]);
    }

    // Kafka's producer takes its default level, 9, to mean the fast compressor, and every other level,
    // those below 9 too, to mean the thorough one with that level's depth of search.
    private static void WriteBlocks(ReadOnlySpan<byte> source, PooledBuffer destination, int level)
    {
        var fast = level == Lz4Codec.DefaultLevel;
        var table = ArrayPool<ushort>.Shared.Rent(fast ? Lz4FastEncoder.TableLength : Lz4ChainEncoder.TableLength);
        try
        {
            while (!source.IsEmpty)
            {
                var block = source[..Math.Min(source.Length, Lz4BlockFormat.BlockSize)];
                var span = destination.GetSpan(4 + Lz4BlockFormat.MaxEncodedLength(block.Length));
                var encoded = fast
                    ? Lz4FastEncoder.Encode(block, span[4..], table)
                    : Lz4ChainEncoder.Encode(block, span[4..], table, level);
                var header = (uint)encoded;
                // "Block Size": what does not shrink is stored, with the top bit set.
                if (encoded >= block.Length)
                {
                    block.CopyTo(span[4..]);
                    encoded = block.Length;
                    header = (uint)encoded | UncompressedBit;
                }
                BinaryPrimitives.WriteUInt32LittleEndian(span, header);
                destination.Advance(4 + encoded);
                source = source[block.Length..];
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(table);
        }
    }
}
