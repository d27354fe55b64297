using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Gzip;
using Xunit;

namespace Moldau.Compatibility.Codecs;

/// <summary>Gzip members to and from the GNU program.</summary>
public class GzipToolTests
{
    [Theory]
    [InlineData("-1")]
    [InlineData("-6")]
    [InlineData("-9")]
    [InlineData("--rsyncable")]
    public async Task Members_of_the_tool_are_read(string option)
    {
        foreach (string name in ToolInputs.Names)
        {
            var original = ToolInputs.Make(name);

            var member = await CommandLineTool.FilterAsync("gzip", ["-c", option], original);

            Assert.True(original.AsSpan().SequenceEqual(Decompressed(member)), $"gzip {option} of {name}: the content differs");
        }
    }

    [Fact]
    public async Task A_member_with_a_file_name_is_read()
    {
        var original = ToolInputs.Make("log");
        var file = Path.Combine(Path.GetTempPath(), $"moldau-gzip-{Guid.NewGuid():n}");
        await File.WriteAllBytesAsync(file, original, TestContext.Current.CancellationToken);
        try
        {
            var member = await CommandLineTool.FilterAsync("gzip", ["-c", "--name", file], []);

            Assert.Equal(0x08, member[3]);
            Assert.Equal(original, Decompressed(member));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Concatenated_members_of_the_tool_are_read()
    {
        var log = ToolInputs.Make("log");
        var random = ToolInputs.Make("random");
        byte[] members =
        [
            .. await CommandLineTool.FilterAsync("gzip", ["-c"], log),
            .. await CommandLineTool.FilterAsync("gzip", ["-c"], []),
            .. await CommandLineTool.FilterAsync("gzip", ["-c", "-9"], random),
        ];

        Assert.Equal([.. log, .. random], Decompressed(members));
    }

    [Theory]
    [MemberData(nameof(ToolInputs.Names), MemberType = typeof(ToolInputs))]
    public async Task The_tool_reads_members_of_every_level(string name)
    {
        var original = ToolInputs.Make(name);
        for (var level = GzipCodec.MinLevel; level <= GzipCodec.MaxLevel; level++)
        {
            using var member = new PooledBuffer();
            GzipCodec.Compress(original, member, level);

            var content = await CommandLineTool.FilterAsync("gzip", ["-d", "-c"], member.WrittenSpan.ToArray());

            Assert.True(original.AsSpan().SequenceEqual(content), $"level {level}: the content differs");
        }
    }

    private static byte[] Decompressed(byte[] members)
    {
        using var content = new PooledBuffer();
        GzipCodec.Decompress(members, content);
        return content.WrittenSpan.ToArray();
    }
}
