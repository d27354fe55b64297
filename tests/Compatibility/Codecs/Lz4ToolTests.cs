using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Lz4;
using Xunit;

namespace Moldau.Compatibility.Codecs;

/// <summary>LZ4 frames to and from the reference implementation's own program.</summary>
public class Lz4ToolTests
{
    public static TheoryData<string> Options =>
    [
        "", "-1", "-3", "-9", "-12", "--fast=5", "-BD", "-BI", "-BX", "-B4", "-B5", "-B6", "-B7", "--content-size", "--no-frame-crc",
        "-B4 -BD", "-B7 -BD -BX --content-size", "-B4 -BI -BX --no-frame-crc", "-9 -B4 -BD", "-12 -B5 -BD --content-size", "-B100 -BD",
    ];

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Frames_of_the_tool_are_read(string options)
    {
        foreach (string name in ToolInputs.Names)
        {
            var original = ToolInputs.Make(name);

            var frame = await CommandLineTool.FilterAsync("lz4", ["-c", "-z", .. Split(options)], original);

            Assert.True(original.AsSpan().SequenceEqual(Decompressed(frame)), $"lz4 {options} of {name}: the content differs");
        }
    }

    [Fact]
    public async Task Concatenated_frames_of_the_tool_are_read()
    {
        var first = ToolInputs.Make("log");
        var second = ToolInputs.Make("short periods");
        byte[] frames =
        [
            .. await CommandLineTool.FilterAsync("lz4", ["-c", "-z", "-BD", "-B4"], first),
            .. await CommandLineTool.FilterAsync("lz4", ["-c", "-z", "--content-size", "-BX"], second),
            .. await CommandLineTool.FilterAsync("lz4", ["-c", "-z", "-9"], first),
        ];

        Assert.Equal([.. first, .. second, .. first], Decompressed(frames));
    }

    [Fact]
    public async Task The_legacy_frame_of_the_tool_is_refused_by_name()
    {
        var frame = await CommandLineTool.FilterAsync("lz4", ["-c", "-z", "-l"], ToolInputs.Make("log"));

        var refused = Assert.Throws<CorruptDataException>(() => Decompressed(frame));
        Assert.Contains("legacy", refused.Message);
    }

    [Theory]
    [MemberData(nameof(ToolInputs.Names), MemberType = typeof(ToolInputs))]
    public async Task The_tool_reads_frames_of_every_level(string name)
    {
        var original = ToolInputs.Make(name);
        for (var level = Lz4Codec.MinLevel; level <= Lz4Codec.MaxLevel; level++)
        {
            using var frame = new PooledBuffer();
            Lz4Codec.Compress(original, frame, level);

            var content = await CommandLineTool.FilterAsync("lz4", ["-d", "-c"], frame.WrittenSpan.ToArray());

            Assert.True(original.AsSpan().SequenceEqual(content), $"level {level}: the content differs");
        }
    }

    [Fact]
    public async Task The_tool_reads_concatenated_frames()
    {
        var original = ToolInputs.Make("log");
        using var frames = new PooledBuffer();
        Lz4Codec.Compress(original, frames, Lz4Codec.DefaultLevel);
        Lz4Codec.Compress(original, frames, 3);

        var content = await CommandLineTool.FilterAsync("lz4", ["-d", "-c"], frames.WrittenSpan.ToArray());

        Assert.Equal([.. original, .. original], content);
    }

    private static string[] Split(string options) => options.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static byte[] Decompressed(byte[] frames)
    {
        using var content = new PooledBuffer();
        Lz4Codec.Decompress(frames, content);
        return content.WrittenSpan.ToArray();
    }
}
