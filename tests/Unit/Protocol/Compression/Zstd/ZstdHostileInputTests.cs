using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Zstd;
using Xunit;

namespace Moldau.Unit.Protocol.Compression.Zstd;

public class ZstdHostileInputTests
{
    public static TheoryData<string> Frames => [ZstdFrameTests.StreamedFrame, ZstdFrameTests.WordsFrame];

    [Theory]
    [MemberData(nameof(Frames))]
    public void No_truncation_passes(string encoded)
    {
        var frame = Convert.FromBase64String(encoded);
        for (var length = 1; length < frame.Length; length++)
        {
            // An array of its own, so that reading past the end is not reading what was cut off.
            var cut = frame[..length];
            Assert.Throws<CorruptDataException>(() => ZstdRoundTripTests.Decompress(cut));
        }
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(18)]
    public void No_truncation_of_an_own_frame_passes(int level)
    {
        foreach (var content in new[] { ZstdSamples.Logs(2000, 1), ZstdSamples.Random(100, 2), ZstdSamples.Repeat([7], 5000) })
        {
            var frame = ZstdRoundTripTests.Compress(content, level);
            for (var length = 1; length < frame.Length; length++)
            {
                var cut = frame[..length];
                Assert.Throws<CorruptDataException>(() => ZstdRoundTripTests.Decompress(cut));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void No_flipped_bit_gets_past_a_checksum(string encoded)
    {
        var frame = Convert.FromBase64String(encoded);
        var content = ZstdRoundTripTests.Decompress(frame);
        var refused = 0;
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            var damaged = (byte[])frame.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // The window's size, the unused bit of the header and the padding of tables mean nothing to the content.
                Assert.Equal(content, ZstdRoundTripTests.Decompress(damaged, 1 << 20));
            }
            catch (Exception fault) when (fault is CorruptDataException or BufferLimitException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, frame.Length * 8 - 40, frame.Length * 8);
    }

    [Theory]
    [InlineData(1, "logs")]
    [InlineData(3, "text")]
    [InlineData(9, "sparse")]
    [InlineData(14, "random with repeats")]
    [InlineData(19, "logs")]
    [InlineData(-4, "short period")]
    public void Damage_gives_an_error_or_some_content_and_nothing_else(int level, string sample)
    {
        const int Limit = 1 << 20;
        var frame = ZstdRoundTripTests.Compress(ZstdSamples.Make(sample), level);
        var random = new Random(level);
        using var output = new PooledBuffer(maxLength: Limit);
        for (var round = 0; round < 400; round++)
        {
            // Most damage goes to the front, where the tables are described.
            var damaged = (byte[])frame.Clone();
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                var reach = random.Next(2) == 0 ? Math.Min(200, damaged.Length) : damaged.Length;
                damaged[random.Next(5, reach)] ^= (byte)(1 << random.Next(8));
            }
            output.Clear();
            try
            {
                ZstdCodec.Decompress(damaged, output);
            }
            catch (Exception fault) when (fault is CorruptDataException or BufferLimitException)
            {
                Assert.NotEmpty(fault.Message);
            }
            Assert.InRange(output.Length, 0, Limit);
        }
    }

    [Fact]
    public void Noise_behind_a_block_header_gives_an_error_or_some_content_and_nothing_else()
    {
        var random = new Random(77);
        for (var round = 0; round < 20_000; round++)
        {
            var noise = new byte[random.Next(2, 120)];
            random.NextBytes(noise);
            var header = (noise.Length << 3) | 5;
            byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x40, (byte)header, (byte)(header >> 8), 0, .. noise];
            try
            {
                ZstdRoundTripTests.Decompress(frame, 1 << 20);
            }
            catch (Exception fault) when (fault is CorruptDataException or BufferLimitException)
            {
                Assert.NotEmpty(fault.Message);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(131_072)]
    [InlineData(399_999)]
    public void A_limit_holds_for_every_kind_of_content(int limit)
    {
        foreach (var content in new[] { new byte[400_000], ZstdSamples.Random(400_000, 1), ZstdSamples.Logs(400_000, 2) })
        {
            var frame = ZstdRoundTripTests.Compress(content, 3);
            AssertLimited(frame, limit);
            AssertLimited(WithoutContentSize(frame), limit);
        }
    }

    [Theory]
    [InlineData("logs")]
    [InlineData("short period")]
    [InlineData("random with repeats")]
    public void A_limit_of_just_the_content_is_enough(string sample)
    {
        var content = ZstdSamples.Make(sample);
        var frame = ZstdRoundTripTests.Compress(content, 6);
        Assert.Equal(content, ZstdRoundTripTests.Decompress(frame, content.Length));
        Assert.Equal(content, ZstdRoundTripTests.Decompress(WithoutContentSize(frame), content.Length));
    }

    [Fact]
    public void A_bomb_costs_no_more_than_the_limit()
    {
        // A gibibyte of zeros in 8192 RLE blocks of four bytes each.
        using var bomb = new MemoryStream();
        bomb.Write([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58]);
        for (var i = 0; i < 8192; i++) bomb.Write([(byte)(i == 8191 ? 3 : 2), 0, 0x10, 0]);
        var input = bomb.ToArray();

        using var output = new PooledBuffer(maxLength: 10 << 20);
        var fault = Assert.Throws<BufferLimitException>(() => ZstdCodec.Decompress(input, output));
        Assert.Equal(10 << 20, fault.Limit);
        Assert.InRange(output.Bytes.Length, 0, 16 << 20);
    }

    [Fact]
    public void A_claimed_content_size_is_not_believed_beforehand()
    {
        // Two thousand million bytes claimed, one block of three bytes behind it.
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0x00, 0x94, 0x35, 0x77, 0x19, 0, 0, 1, 2, 3];
        using var output = new PooledBuffer();
        Assert.Throws<CorruptDataException>(() => ZstdCodec.Decompress(frame, output));
        Assert.InRange(output.Bytes.Length, 0, 1 << 20);
    }

    private static void AssertLimited(byte[] frame, int limit)
    {
        using var output = new PooledBuffer(maxLength: limit);
        var fault = Assert.Throws<BufferLimitException>(() => ZstdCodec.Decompress(frame, output));
        Assert.Equal(limit, fault.Limit);
        Assert.True(fault.Needed > limit);
        Assert.InRange(output.Length, 0, limit);
    }

    /// <summary>Turns a single-segment frame with four bytes of content size into one with a window and no size.</summary>
    private static byte[] WithoutContentSize(byte[] frame)
    {
        if (frame[4] == 0x60) return [.. frame[..4], 0x00, 0x58, .. frame[7..]];
        Assert.Equal(0xA0, frame[4]);
        return [.. frame[..4], 0x00, 0x58, .. frame[9..]];
    }
}
