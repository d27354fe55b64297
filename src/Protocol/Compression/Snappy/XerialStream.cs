using System.Buffers;
using System.Buffers.Binary;

namespace Moldau.Protocol.Compression.Snappy;

/// <summary>
/// snappy-java's own framing, which is neither in Snappy's block format nor Snappy's framing format: a header of 16 bytes
/// (magic, version, lowest version that can read it), then blocks, each behind its length as a big-endian int32.
/// </summary>
internal static class XerialStream
{
    public const int BlockSize = 32 * 1024;

    private const int HeaderLength = 16;

    private static ReadOnlySpan<byte> Magic => [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00];

    private static ReadOnlySpan<byte> Header => [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00, 0, 0, 0, 1, 0, 0, 0, 1];

    public static bool IsAt(ReadOnlySpan<byte> source) => source.StartsWith(Magic);

    public static void Write(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        destination.Write(Header);
        if (source.IsEmpty) return;
        var table = ArrayPool<ushort>.Shared.Rent(SnappyBlockEncoder.TableLength);
        try
        {
            while (!source.IsEmpty)
            {
                var block = source[..Math.Min(source.Length, BlockSize)];
                var span = destination.GetSpan(4 + SnappyBlockEncoder.MaxEncodedLength(block.Length));
                var encoded = SnappyBlockEncoder.Encode(block, span[4..], table);
                BinaryPrimitives.WriteInt32BigEndian(span, encoded);
                destination.Advance(4 + encoded);
                source = source[block.Length..];
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(table);
        }
    }

    // Kafka's reader looks at the magic and never at the two versions of the first header, and streams glued together
    // repeat the header between blocks. A length cannot look like the magic: that would be negative.
    public static void Read(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        var position = 0;
        while (position < source.Length)
        {
            var rest = source[position..];
            if (IsAt(rest))
            {
                if (rest.Length < HeaderLength) throw new CorruptDataException("snappy", "the data ends inside a stream header", source.Length);
                position += HeaderLength;
                continue;
            }
            if (rest.Length < 4) throw new CorruptDataException("snappy", "the data ends inside a block's length", source.Length);
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length <= 0) throw new CorruptDataException("snappy", $"a block of {length} bytes", position);
            if (length > rest.Length - 4)
            {
                throw new CorruptDataException("snappy", $"a block of {length} bytes where {rest.Length - 4} are left", position);
            }
            SnappyBlockDecoder.Decode(rest.Slice(4, length), destination, position + 4);
            position += 4 + length;
        }
    }
}
