using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Zstd;
using Xunit;

namespace Moldau.Compatibility.Codecs;

/// <summary>Both directions between the managed codec and the reference tool.</summary>
public class ZstdToolTests
{
    private static readonly (string Name, byte[] Content)[] Samples =
    [
        ("nothing", []),
        ("one byte", [7]),
        ("a word", "Moldau"u8.ToArray()),
        ("zeros", new byte[300_000]),
        ("noise", Noise(200_000, 1)),
        ("logs", Logs(350_000, 2)),
        ("logs of one block", Logs(128 << 10, 3)),
        ("logs of one block and a byte", Logs((128 << 10) + 1, 4)),
        ("noise that repeats", [.. Noise(90_000, 5), .. Noise(90_000, 5), .. Noise(90_000, 5)]),
        ("a mixture", [.. Logs(150_000, 6), .. Noise(150_000, 7), .. new byte[150_000], .. Logs(150_000, 6)]),
    ];

    public static TheoryData<int> OwnLevels => [-1000, -50, -5, -1, 0, .. Enumerable.Range(1, 22)];

    public static TheoryData<string> ToolArguments =>
    [
        .. Enumerable.Range(1, 19).Select(level => $"-{level}"),
        "--ultra -20", "--ultra -21", "--ultra -22", "--fast=1", "--fast=5", "--fast=50",
        "-3 --check", "-3 --no-check", "-3 --no-content-size", "-5 --long=27", "--ultra -22 --long=27",
        "-3 --zstd=wlog=10", "-12 --zstd=wlog=17,mml=3", "-19 --zstd=wlog=12", "-1 -T2 -B524288",
    ];

    [Theory]
    [MemberData(nameof(OwnLevels))]
    public void The_tool_reads_what_the_codec_wrote(int level)
    {
        foreach (var (name, content) in Samples)
        {
            var read = ZstdTool.Pipe(Compress(content, level), "-d");
            Assert.True(read.AsSpan().SequenceEqual(content), $"level {level}, {name}");
        }
    }

    [Theory]
    [MemberData(nameof(ToolArguments))]
    public void The_codec_reads_what_the_tool_wrote_of_a_file(string arguments)
    {
        foreach (var (name, content) in Samples)
        {
            var read = Decompress(ZstdTool.File(content, arguments));
            Assert.True(read.AsSpan().SequenceEqual(content), $"zstd {arguments}, {name}");
        }
    }

    [Theory]
    [MemberData(nameof(ToolArguments))]
    public void The_codec_reads_what_the_tool_wrote_of_a_stream(string arguments)
    {
        foreach (var (name, content) in Samples)
        {
            var read = Decompress(ZstdTool.Pipe(content, arguments));
            Assert.True(read.AsSpan().SequenceEqual(content), $"zstd {arguments}, {name}");
        }
    }

    [Fact]
    public void Frames_in_a_row_are_one_content_to_both()
    {
        var first = Logs(200_000, 8);
        var second = Noise(1000, 9);
        byte[] content = [.. first, .. second, .. first];
        byte[] frames = [.. Compress(first, 3), .. ZstdTool.Pipe(second, "-3"), .. ZstdTool.File(first, "-19")];

        Assert.Equal(content, Decompress(frames));
        Assert.Equal(content, ZstdTool.Pipe(frames, "-d"));
    }

    [Fact]
    public void A_larger_content_passes_both_ways_at_every_kind_of_search()
    {
        var content = Logs(6 << 20, 10);
        foreach (var level in new[] { -10, 1, 3, 5, 7, 9, 13, 17 })
        {
            Assert.True(ZstdTool.Pipe(Compress(content, level), "-d").AsSpan().SequenceEqual(content), $"written at level {level}");
        }
        foreach (var arguments in new[] { "--fast=10", "-1", "-3", "-7", "-13", "-17", "-3 --long=27" })
        {
            Assert.True(Decompress(ZstdTool.Pipe(content, arguments)).AsSpan().SequenceEqual(content), $"zstd {arguments}");
        }
    }

    [Fact]
    public void A_window_over_the_limit_is_refused_by_name()
    {
        var frame = ZstdTool.Pipe(Logs(10_000, 11), "-3 --long=28");
        var fault = Assert.Throws<CorruptDataException>(() => Decompress(frame));
        Assert.Contains("window", fault.Message);
    }

    private static byte[] Compress(ReadOnlySpan<byte> content, int level)
    {
        using var compressed = new PooledBuffer();
        ZstdCodec.Compress(content, compressed, level);
        return compressed.WrittenSpan.ToArray();
    }

    private static byte[] Decompress(ReadOnlySpan<byte> compressed)
    {
        using var content = new PooledBuffer();
        ZstdCodec.Decompress(compressed, content);
        return content.WrittenSpan.ToArray();
    }

    private static byte[] Noise(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Logs(int size, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < size)
        {
            text.Append($"{{\"ts\":{1_700_000_000_000 + text.Length},\"host\":\"node-{random.Next(40)}\",\"trace\":\"{random.NextInt64():x16}\",")
                .Append($"\"ms\":{random.Next(2000)},\"path\":\"/api/v1/orders/{random.Next(5000)}\"}}\n");
        }
        return Encoding.ASCII.GetBytes(text.ToString(0, size));
    }
}
