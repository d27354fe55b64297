using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Zstd;
using Xunit;

namespace Moldau.Unit.Protocol.Compression.Zstd;

public class ZstdFrameTests
{
    /// <summary>What zstd 1.5.4 makes of one sentence said twice, with a checksum, from a pipe: no content size.</summary>
    internal const string StreamedFrame =
        "KLUv/QRoBQIAAkQNEaDtkA6a6DWrjfazXWy5/7AGAT39Y6r04GJNG98Vz/E61clyx50OUfPZPozscFm3nktFjUkCAC2Ip2+koM/pMS8=";

    private const string StreamedContent =
        "Moldau carries its records from Sumava to the Elbe; Moldau carries its records from Sumava to the Elbe, "
        + "again and again and again.";

    /// <summary>300,000 times the letter a: three RLE blocks in a streamed frame of zstd 1.5.4.</summary>
    private const string RunsFrame = "KLUv/QRYVAAAEGFhAQD7/znAAgIAEGEDnwRhjV8Epg==";

    /// <summary>150 words of ten, each with a number: entropy coding of zstd 1.5.4 at level 9, with a checksum.</summary>
    internal const string WordsFrame =
        "KLUv/QRgPQ0ABpAqGYAnyQPsTxiKL5Yfi+MyoTu7pAgpz8nN0gMlACQAIAB0U3ncZplK2+YAGbSEglgp3SZYQP5tJrTUtkFBVLf5IFRbFEsQLGjbLGNy4OAZ5mmpTt1Nj7KGcKzBsAOC85ScZikqMCAKBwVLZUPV5goRU+dzMy9UnTO74hj6a+ZlhnRXrx/+5nmW2wEAc9t8kLHNB5nrSEy6I8EPqR4lqtnV8Oz4cbSr6o820iaAg6jxWFkZKQ37BjBCYxS79RA6KImS4feZSwkK3q0fJ80bEMgNs8dBFsfSq5nj4l5vG9clQADY17ImMtitKJt5iW3qx8d8L9n/4XCKzutCrh5/2Rv8/pESnr4J5K6zInYf/TSj7OaElWN3U9W3nA9DWWRYCIsRI/ZXJUSFDfV+xQEGHYgAMngvIyqaDFDoZh8qKmz4Epq1RmtzMPj9itqttcg+1HSPb9EI+lrU6CjINToERiFQkpP0hVBI0S3UGsXGagTP61eeN19crS31DYRmI+2Q6hswNXjr+VJmpIKde658iEUZIMoGkyadQXXZ5/tYVS88cacj+qsCs0Oovw==";

    [Fact]
    public void A_frame_of_the_reference_tool_is_read()
    {
        Assert.Equal(StreamedContent, Encoding.ASCII.GetString(Decompress(Convert.FromBase64String(StreamedFrame))));

        var words = Encoding.ASCII.GetString(Decompress(Convert.FromBase64String(WordsFrame))).Split(' ');
        Assert.Equal(150, words.Length);
        Assert.All(words, word => Assert.Matches("^(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa)[0-9]{1,2}\n?$", word));
    }

    [Fact]
    public void Runs_over_several_blocks_are_read()
    {
        var content = Decompress(Convert.FromBase64String(RunsFrame));
        Assert.Equal(300_000, content.Length);
        Assert.All(content, value => Assert.Equal((byte)'a', value));
    }

    [Fact]
    public void No_input_is_no_content() => Assert.Empty(Decompress([]));

    [Fact]
    public void An_empty_content_makes_a_frame_that_says_so()
    {
        var frame = ZstdRoundTripTests.Compress([], 3);
        Assert.Equal("28B52FFD2000010000", Convert.ToHexString(frame));
        Assert.Empty(Decompress(frame));
    }

    [Fact]
    public void A_checksum_of_nothing_is_the_hash_of_nothing()
    {
        // XXH64 of no bytes with seed 0 is EF46DB3751D8E999, of which the frame keeps the low half.
        Assert.Empty(Decompress(Convert.FromHexString("28B52FFD240001000099E9D851")));

        var fault = Assert.Throws<CorruptDataException>(() => Decompress(Convert.FromHexString("28B52FFD240001000098E9D851")));
        Assert.Contains("checksum", fault.Message);
        Assert.Equal("zstd", fault.Codec);
        Assert.Equal(9, fault.Position);
    }

    [Fact]
    public void Frames_say_their_content_size_and_carry_no_checksum()
    {
        foreach (var (size, header) in new[] { (200, "28B52FFD20C8"), (256, "28B52FFD600000"), (65_791, "28B52FFD60FFFF"), (65_792, "28B52FFDA000010100") })
        {
            Assert.StartsWith(header, Convert.ToHexString(ZstdRoundTripTests.Compress(ZstdSamples.Logs(size, 1), 3)));
        }
        // Larger than the window: there is a window descriptor, and the size all the same.
        var large = ZstdRoundTripTests.Compress(ZstdSamples.Repeat(ZstdSamples.Text(5000, 1), 5 << 20), 3);
        Assert.StartsWith("28B52FFD805800005000", Convert.ToHexString(large));
    }

    [Fact]
    public void Frames_in_a_row_are_one_content_and_skippable_frames_are_none()
    {
        var first = ZstdSamples.Text(1000, 1);
        var second = ZstdSamples.Logs(200_000, 2);
        byte[] skippable = [0x5F, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 0x28, 0xB5, 0x2F];
        byte[] input =
        [
            .. skippable, .. ZstdRoundTripTests.Compress(first, 3), .. skippable, .. ZstdRoundTripTests.Compress([], 3),
            .. ZstdRoundTripTests.Compress(second, 9), .. skippable,
        ];
        Assert.Equal((byte[])[.. first, .. second], Decompress(input));
    }

    [Fact]
    public void A_frame_sees_nothing_of_the_frame_before_it()
    {
        // The second frame's only match reaches back five bytes where its literals are four.
        var first = ZstdRoundTripTests.Compress("a content to reach back into"u8, 3);
        var fault = Assert.Throws<CorruptDataException>(() => Decompress([.. first, .. FrameWithMatch(distance: 5)]));
        Assert.Contains("reaches back 5 bytes", fault.Message);
        Assert.Equal("abcdabcd"u8.ToArray(), Decompress([.. first, .. FrameWithMatch(distance: 4)])[28..]);
    }

    [Theory]
    [InlineData("1EB52FFD00", "zstd 0.1")]
    [InlineData("22B52FFD00", "zstd 0.2")]
    [InlineData("27B52FFD00", "zstd 0.7")]
    [InlineData("37A430EC00000000", "dictionary")]
    [InlineData("1F8B0800000000", "0x00088B1F")]
    [InlineData("28B52FFD21070001000000", "dictionary 7")]
    [InlineData("28B52FFD230700000000010000", "dictionary 7")]
    [InlineData("28B52FFD2800010000", "reserved bit")]
    [InlineData("28B52FFD0090010000", "over the limit of 134217728")]
    [InlineData("28B52FFD0089010000", "over the limit of 134217728")]
    [InlineData("28B52FFD2000070000", "reserved type")]
    [InlineData("28B52FFD2001010000", "declares 1")]
    [InlineData("28B52FFD20000900007A", "a block of 1 bytes where its frame allows 0")]
    [InlineData("28B52FFD0000090000", "truncated within a block")]
    [InlineData("502A4D1805000000AABBCCDD", "truncated within a skippable frame")]
    public void What_is_not_supported_or_not_valid_is_refused_by_name(string input, string named)
    {
        var fault = Assert.Throws<CorruptDataException>(() => Decompress(Convert.FromHexString(input)));
        Assert.Contains(named, fault.Message);
    }

    [Fact]
    public void A_dictionary_of_zero_is_none()
    {
        Assert.Empty(Decompress(Convert.FromHexString("28B52FFD2300000000" + "00" + "010000")));
    }

    [Fact]
    public void The_largest_window_allowed_is_read()
    {
        Assert.Empty(Decompress(Convert.FromHexString("28B52FFD0088010000")));
    }

    private static byte[] FrameWithMatch(int distance)
    {
        // Four raw literals; one sequence with RLE tables: literal length 4, match length 4. The bitstream is nothing but
        // the offset's extra bits below the end mark, which make the offset value itself.
        var offsetValue = (byte)(distance + 3);
        byte[] block =
        [
            4 << 3, (byte)'a', (byte)'b', (byte)'c', (byte)'d',
            1, 0x54, 4, (byte)BitOperations.Log2(offsetValue), 1, offsetValue,
        ];
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x00, 0, 0, 0, .. block];
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(6), (ushort)((block.Length << 3) | 5));
        return frame;
    }

    private static byte[] Decompress(ReadOnlySpan<byte> compressed) => ZstdRoundTripTests.Decompress(compressed);
}
