using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Zstd;
using Xunit;

namespace Moldau.Unit.Protocol.Compression.Zstd;

public class ZstdRoundTripTests
{
    public static TheoryData<int> Levels => [.. Enumerable.Range(-5, 28), -100, ZstdCodec.MinLevel, ZstdCodec.MinLevel - 1, 99];

    [Theory]
    [MemberData(nameof(Levels))]
    public void Every_sample_comes_back(int level)
    {
        foreach (var name in ZstdSamples.Names)
        {
            var content = ZstdSamples.Make(name);
            Assert.True(RoundTrip(content, level).AsSpan().SequenceEqual(content), $"level {level}, {name}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(14)]
    [InlineData(19)]
    public void Every_small_size_comes_back(int level)
    {
        var content = ZstdSamples.Logs(700, 21);
        for (var size = 0; size <= content.Length; size++)
        {
            var part = content.AsSpan(0, size).ToArray();
            Assert.True(RoundTrip(part, level).AsSpan().SequenceEqual(part), $"level {level}, {size} bytes");
        }
    }

    [Trait("Pace", "slow")]
    [Theory]
    [InlineData(-7)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(16)]
    [InlineData(22)]
    public void Five_mebibytes_come_back_from_beyond_the_window(int level)
    {
        var content = ZstdSamples.Logs(5 << 20, 22);
        // A copy of the beginning at the very end: further back than the windows of the low levels reach.
        content.AsSpan(0, 300_000).CopyTo(content.AsSpan(content.Length - 300_000));
        Assert.True(RoundTrip(content, level).AsSpan().SequenceEqual(content));
    }

    [Fact]
    public void Level_zero_is_the_default_level()
    {
        var content = ZstdSamples.Make("logs");
        Assert.Equal(Compress(content, ZstdCodec.DefaultLevel), Compress(content, 0));
        Assert.NotEqual(Compress(content, 1), Compress(content, 0));
    }

    [Fact]
    public void A_result_does_not_depend_on_what_was_compressed_before()
    {
        var content = ZstdSamples.Make("text");
        foreach (var level in new[] { -3, 1, 3, 6, 12, 14, 18 })
        {
            var first = Compress(content, level);
            Compress(ZstdSamples.Make("mixed blocks"), level);
            Compress(ZstdSamples.Make("sparse"), 5);
            Assert.Equal(first, Compress(content, level));
        }
    }

    [Theory]
    [InlineData("logs", 5.0, 1.01)]
    [InlineData("text", 5.0, 1.01)]
    [InlineData("all the same", 5000, 1.0)]
    [InlineData("long repeats", 6, 1.01)]
    // Runs of one byte are the one content that greedy parsing happens to suit better; the reference does the same.
    [InlineData("sparse", 25, 1.2)]
    public void Higher_levels_hardly_ever_do_worse_and_all_compress(string name, double leastRatio, double tolerance)
    {
        var content = ZstdSamples.Make(name);
        var previous = int.MaxValue;
        for (var level = 5; level <= ZstdCodec.MaxLevel; level++)
        {
            var size = Compress(content, level).Length;
            Assert.True(content.Length >= size * leastRatio, $"level {level}: {content.Length} became {size}");
            Assert.True(size <= previous * tolerance + 16, $"level {level}: {size} after {previous} at the level below");
            previous = size;
        }
    }

    [Fact]
    public void Content_that_does_not_shrink_grows_by_headers_only()
    {
        var content = ZstdSamples.Random(1 << 20, 23);
        foreach (var level in new[] { -1, 1, 3, 9, 15, 20 })
        {
            Assert.InRange(Compress(content, level).Length, content.Length, content.Length + 10 + 3 * 8);
        }
    }

    [Fact]
    public void A_result_is_appended_to_what_the_buffer_holds()
    {
        var content = ZstdSamples.Make("text");
        using var compressed = new PooledBuffer();
        compressed.Write("before"u8);
        ZstdCodec.Compress(content, compressed, 3);
        Assert.True(compressed.WrittenSpan.StartsWith("before"u8));

        using var output = new PooledBuffer();
        output.Write("in front"u8);
        ZstdCodec.Decompress(compressed.WrittenSpan[6..], output);
        Assert.True(output.WrittenSpan.SequenceEqual((byte[])[.. "in front"u8, .. content]));
    }

    [Fact]
    public void Concurrent_use_gives_what_use_alone_gives()
    {
        var content = ZstdSamples.Make("logs");
        var expected = Compress(content, 6);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            Assert.Equal(expected, Compress(content, 6));
            Assert.Equal(content, RoundTrip(content, 1 + i % 9));
        });
    }

    internal static byte[] Compress(ReadOnlySpan<byte> content, int level)
    {
        using var compressed = new PooledBuffer();
        ZstdCodec.Compress(content, compressed, level);
        return compressed.WrittenSpan.ToArray();
    }

    internal static byte[] Decompress(ReadOnlySpan<byte> compressed, int limit = int.MaxValue)
    {
        using var output = new PooledBuffer(maxLength: limit);
        ZstdCodec.Decompress(compressed, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] RoundTrip(ReadOnlySpan<byte> content, int level) => Decompress(Compress(content, level), content.Length);
}
