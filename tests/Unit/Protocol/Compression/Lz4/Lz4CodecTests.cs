using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Lz4;
using Xunit;

namespace Moldau.Unit.Protocol.Compression.Lz4;

public class Lz4CodecTests : CodecContract
{
    protected override int[] Levels => [1, 2, 3, 6, 8, 10, 13, 17, Lz4Codec.DefaultLevel];

    protected override void Compress(ReadOnlySpan<byte> source, PooledBuffer destination, int level) => Lz4Codec.Compress(source, destination, level);

    protected override void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination) => Lz4Codec.Decompress(source, destination);

    [Fact]
    public void Writes_the_frame_of_kafkas_producer()
    {
        // Magic, flags 0x60 (version 1, independent blocks), 64 KiB blocks, header checksum, nothing, end mark.
        Assert.Equal([0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82, 0, 0, 0, 0], Compressed([]));
    }

    [Fact]
    public void Stores_a_block_that_does_not_shrink()
    {
        var original = CompressionInputs.Random(65_536 + 100);

        var compressed = Compressed(original);

        // Each block header has the top bit set; nothing else is added.
        Assert.Equal(7 + 4 + 65_536 + 4 + 100 + 4, compressed.Length);
        Assert.Equal([0x00, 0x00, 0x01, 0x80], compressed[7..11]);
        Assert.Equal([100, 0, 0, 0x80], compressed[(11 + 65_536)..(15 + 65_536)]);
    }

    [Fact]
    public void Searching_deeper_makes_it_shorter()
    {
        var original = CompressionInputs.Json(300_000);
        int Length(int level)
        {
            using var compressed = new PooledBuffer();
            Lz4Codec.Compress(original, compressed, level);
            return compressed.Length;
        }

        Assert.True(Length(5) < Length(1));
        Assert.True(Length(12) < Length(5));
        Assert.True(Length(12) < Length(Lz4Codec.DefaultLevel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(18)]
    [InlineData(-1)]
    public void Knows_only_kafkas_levels(int level)
    {
        using var destination = new PooledBuffer();
        Assert.Throws<ArgumentOutOfRangeException>(() => Lz4Codec.Compress([1], destination, level));
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
            Lz4Codec.Compress(original, compressed, Lz4Codec.DefaultLevel);
            Lz4Codec.Decompress(compressed.WrittenSpan, content);
        }));
        Assert.Equal(0, AllocatedBy(() =>
        {
            compressed.Clear();
            Lz4Codec.Compress(original, compressed, 3);
        }));
    }
}
