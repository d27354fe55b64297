using System.Buffers.Binary;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Snappy;
using Xunit;

namespace Moldau.Unit.Protocol.Compression.Snappy;

public class SnappyCodecTests : CodecContract
{
    private static readonly byte[] Header = [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00, 0, 0, 0, 1, 0, 0, 0, 1];

    protected override int[] Levels => [0];

    protected override void Compress(ReadOnlySpan<byte> source, PooledBuffer destination, int level) => SnappyCodec.Compress(source, destination);

    protected override void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination) => SnappyCodec.Decompress(source, destination);

    // snappy-java's framing has no end: every prefix that ends behind a block is a stream.
    protected override bool IsWhole(ReadOnlySpan<byte> compressed, int length)
    {
        var end = Header.Length;
        while (end < length) end += 4 + BinaryPrimitives.ReadInt32BigEndian(compressed[end..]);
        return end == length;
    }

    [Fact]
    public void Writes_the_framing_of_snappy_java()
    {
        Assert.Equal(Header, Compressed([]));

        var compressed = Compressed(CompressionInputs.Random(32 * 1024 + 1));
        Assert.Equal(Header, compressed[..16]);
        // The second block: length 3 behind the first, content length 1, tag 0x00 (a literal of one byte), the byte.
        Assert.Equal([0, 0, 0, 3, 1, 0x00], compressed[^7..^1]);
    }

    [Fact]
    public void Streams_glued_together_repeat_the_header()
    {
        var one = Compressed("one"u8);
        var two = Compressed("two"u8);

        Assert.Equal("onetwo"u8, Decompressed([.. one, .. two]));
        Assert.Contains("inside a stream header", Refused([.. one, .. two[..12]]).Message);
    }

    [Fact]
    public void The_versions_in_the_header_do_not_matter_as_in_kafka()
    {
        var compressed = Compressed("one"u8);
        compressed[11] = 9;
        compressed[15] = 0;

        Assert.Equal("one"u8, Decompressed(compressed));
    }

    [Fact]
    public void Without_the_magic_it_is_one_plain_block()
    {
        var framed = Compressed(CompressionInputs.Json(20_000));

        Assert.Equal(CompressionInputs.Json(20_000), Decompressed(framed.AsSpan(20)));
    }

    [Theory]
    [InlineData("a block of 0 bytes", new byte[] { 0, 0, 0, 0 })]
    [InlineData("a block of -1 bytes", new byte[] { 255, 255, 255, 255 })]
    [InlineData("a block of 4 bytes where 3 are left", new byte[] { 0, 0, 0, 4, 2, 4, 65 })]
    [InlineData("the data ends inside a block's length", new byte[] { 0, 0, 0 })]
    public void Says_what_is_wrong_with_the_framing(string problem, byte[] behindHeader)
    {
        var refused = Refused([.. Header, .. behindHeader]);
        Assert.Contains(problem, refused.Message);
        Assert.Equal("snappy", refused.Codec);
    }

    [Fact]
    public void Allocates_nothing_in_steady_state()
    {
        var original = CompressionInputs.Json(200_000);
        using var compressed = new PooledBuffer();
        using var content = new PooledBuffer();

        Assert.Equal(0, AllocatedBy(() =>
        {
            compressed.Clear();
            content.Clear();
            SnappyCodec.Compress(original, compressed);
            SnappyCodec.Decompress(compressed.WrittenSpan, content);
        }));
    }
}
