using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Gzip;
using Xunit;

namespace Moldau.Unit.Protocol.Compression.Gzip;

public class GzipCodecTests : CodecContract
{
    protected override int[] Levels => [1, 2, 3, 4, 5, 7, 8, 9, 6, GzipCodec.DefaultLevel];

    protected override void Compress(ReadOnlySpan<byte> source, PooledBuffer destination, int level) => GzipCodec.Compress(source, destination, level);

    protected override void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination) => GzipCodec.Decompress(source, destination);

    [Fact]
    public void The_default_is_level_six()
    {
        var original = CompressionInputs.Json(100_000);
        using var six = new PooledBuffer();
        using var standard = new PooledBuffer();
        GzipCodec.Compress(original, six, 6);
        GzipCodec.Compress(original, standard, GzipCodec.DefaultLevel);

        Assert.Equal(six.WrittenSpan, standard.WrittenSpan);
    }

    [Fact]
    public void Higher_levels_search_longer()
    {
        var original = CompressionInputs.Json(300_000);
        int Length(int level)
        {
            using var compressed = new PooledBuffer();
            GzipCodec.Compress(original, compressed, level);
            return compressed.Length;
        }

        Assert.True(Length(9) < Length(3));
        Assert.True(Length(6) < Length(1));
        // The older framework has no level between its fastest and its usual one.
        Assert.True(Length(3) <= Length(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-2)]
    public void Knows_only_kafkas_levels(int level)
    {
        using var destination = new PooledBuffer();
        Assert.Throws<ArgumentOutOfRangeException>(() => GzipCodec.Compress([1], destination, level));
    }

    [Fact]
    public void Allocates_no_more_than_the_platforms_streams()
    {
        var original = CompressionInputs.Json(200_000);
        using var compressed = new PooledBuffer();
        using var content = new PooledBuffer();

        Assert.InRange(AllocatedBy(() =>
        {
            compressed.Clear();
            content.Clear();
            GzipCodec.Compress(original, compressed, GzipCodec.DefaultLevel);
            GzipCodec.Decompress(compressed.WrittenSpan, content);
        }), 0, 2048);
    }
}
