using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Snappy;
using Xunit;

namespace Moldau.Unit.Protocol.Compression.Snappy;

/// <summary>Plain blocks worked out by hand from Snappy's block format.</summary>
public class SnappyVectorTests
{
    [Fact]
    public void Empty_content()
    {
        Assert.Equal("", Text(0x00));
    }

    [Fact]
    public void A_literal()
    {
        // Content length 5; tag (5 - 1) << 2.
        Assert.Equal("hello", Text(5, 0x10, (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o'));
    }

    [Fact]
    public void A_copy_with_a_one_byte_offset()
    {
        // Literal "abc"; tag 1 | (8 - 4) << 2, offset 3: eight bytes that run into themselves.
        Assert.Equal("abcabcabcab", Text(11, 0x08, (byte)'a', (byte)'b', (byte)'c', 0x11, 3));
    }

    [Fact]
    public void A_one_byte_offset_has_three_more_bits_in_the_tag()
    {
        // Content length 0x504 = 1284: a literal of 1280 = 0x500 bytes in the two-byte form (61 << 2, then 0x04FF),
        // then a copy of 4 bytes at offset 1280 = 5 << 8: tag 1 | 5 << 5.
        var literal = CompressionInputs.Random(1280);
        byte[] block = [0x84, 0x0A, 61 << 2, 0xFF, 0x04, .. literal, 0xA1, 0];

        Assert.Equal([.. literal, .. literal[..4]], Decode(block));
    }

    [Fact]
    public void A_copy_with_a_two_byte_offset()
    {
        // Tag 2 | (3 - 1) << 2: three bytes at offset 4, less than the short form can say.
        Assert.Equal("abcdabc", Text(7, 0x0C, (byte)'a', (byte)'b', (byte)'c', (byte)'d', 0x0A, 4, 0));
    }

    [Fact]
    public void A_copy_with_a_four_byte_offset()
    {
        // Tag 3 | (64 - 1) << 2 at offset 1.
        Assert.Equal(new string('z', 65), Text(65, 0x00, (byte)'z', 0xFF, 1, 0, 0, 0));
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(61, 2)]
    [InlineData(62, 3)]
    [InlineData(63, 4)]
    public void Literal_lengths_in_one_to_four_bytes(int code, int bytes)
    {
        // 200 bytes, so content length 0xC8 0x01, literal length 199 stored.
        var literal = CompressionInputs.Random(200);
        byte[] length = [199, .. new byte[bytes - 1]];

        Assert.Equal(literal, Decode([0xC8, 0x01, (byte)(code << 2), .. length, .. literal]));
    }

    [Theory]
    [InlineData("a copy with offset 0", new byte[] { 5, 0x00, 65, 0x01, 0 })]
    [InlineData("reaches 2 bytes back where only 1", new byte[] { 5, 0x00, 65, 0x01, 2 })]
    [InlineData("reaches 4294967295 bytes back where only 1", new byte[] { 5, 0x00, 65, 0x0F, 255, 255, 255, 255 })]
    [InlineData("a literal of 5 bytes where the block has 2 left", new byte[] { 5, 0x10, 65, 65 })]
    [InlineData("a literal of 2147483647 bytes", new byte[] { 5, 0xFC, 255, 255, 255, 255, 1 })]
    [InlineData("holds more than the 1 bytes of content it announces", new byte[] { 1, 0x04, 65, 65 })]
    [InlineData("holds more than the 4 bytes of content it announces", new byte[] { 4, 0x00, 65, 0x01, 1 })]
    [InlineData("announces 3 bytes of content and holds 1", new byte[] { 3, 0x00, 65 })]
    [InlineData("ends inside a copy", new byte[] { 5, 0x00, 65, 0x01 })]
    [InlineData("ends inside a copy", new byte[] { 5, 0x00, 65, 0x0E, 1 })]
    [InlineData("ends inside a copy", new byte[] { 5, 0x00, 65, 0x0F, 1, 0, 0 })]
    [InlineData("ends inside a literal's length", new byte[] { 5, 0xF4, 65 })]
    [InlineData("ends inside its content's length", new byte[] { 0x80, 0x80 })]
    [InlineData("content length does not fit 32 bits", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 0 })]
    [InlineData("announces 4294967295 bytes of content, more than its 2 bytes can hold", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0 })]
    public void Says_what_is_wrong_with_a_block(string problem, byte[] block)
    {
        using var content = new PooledBuffer();
        var refused = Assert.Throws<CorruptDataException>(() => SnappyCodec.Decompress(block, content));
        Assert.Contains(problem, refused.Message);
        Assert.InRange(refused.Position, 0, block.Length);
    }

    [Theory]
    // A literal of two bytes and a copy of four where one byte is announced, with enough behind them for the short cuts.
    [InlineData(new byte[] { 1, 0x04, 65, 65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 1)]
    [InlineData(new byte[] { 1, 0x00, 65, 0x01, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 3)]
    public void Content_stops_where_it_was_announced_to(byte[] block, int position)
    {
        using var content = new PooledBuffer();
        var refused = Assert.Throws<CorruptDataException>(() => SnappyCodec.Decompress(block, content));
        Assert.Contains("holds more than the 1 bytes of content it announces", refused.Message);
        Assert.Equal(position, refused.Position);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(20)]
    public void Copies_of_every_length_at_short_offsets(int offset)
    {
        var literal = CompressionInputs.Random(offset);
        for (var length = 1; length <= 64; length++)
        {
            byte[] block = [(byte)(offset + length), (byte)((offset - 1) << 2), .. literal, (byte)(2 | ((length - 1) << 2)), (byte)offset, 0];

            var content = Decode(block);

            for (var i = 0; i < content.Length; i++) Assert.Equal(literal[i % offset], content[i]);
        }
    }

    private static string Text(params byte[] block) => Encoding.ASCII.GetString(Decode(block));

    private static byte[] Decode(byte[] block)
    {
        using var content = new PooledBuffer();
        SnappyCodec.Decompress(block, content);
        return content.WrittenSpan.ToArray();
    }
}
