using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Lz4;
using Xunit;

namespace Moldau.Unit.Protocol.Compression.Lz4;

/// <summary>Single blocks worked out by hand from the LZ4 block format, each in the plainest frame.</summary>
public class Lz4VectorTests
{
    [Fact]
    public void Literals_only()
    {
        // Token 0x50: five literals, no match.
        Assert.Equal("hello", Text(0x50, (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o'));
    }

    [Fact]
    public void A_match_that_runs_into_itself()
    {
        // Token 0x34: three literals, match of 4 + 4 = 8 bytes at offset 3; then token 0x50 and the last five literals.
        Assert.Equal("abc" + "abcabcab" + "vwxyz", Text(0x34, (byte)'a', (byte)'b', (byte)'c', 3, 0, 0x50, (byte)'v', (byte)'w', (byte)'x', (byte)'y', (byte)'z'));
    }

    [Fact]
    public void Lengths_of_255_and_more()
    {
        // Token 0xFF: 15 + 255 + 0 = 270 literals; offset 270; match of 15 + 255 + 30 + 4 = 304 bytes; then no literals.
        var literals = new byte[270];
        for (var i = 0; i < literals.Length; i++) literals[i] = (byte)i;
        byte[] block = [0xFF, 255, 0, .. literals, 0x0E, 0x01, 255, 30, 0x00];

        var content = Decode(block);

        Assert.Equal(270 + 304, content.Length);
        for (var i = 0; i < content.Length; i++) Assert.Equal((byte)(i % 270), content[i]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    public void Matches_of_every_length_at_short_offsets(int offset)
    {
        var literals = new byte[offset];
        for (var i = 0; i < offset; i++) literals[i] = (byte)(100 + i);
        for (var length = 4; length < 4 + 15 + 255; length++)
        {
            byte[] run = offset < 15 ? [(byte)(offset << 4)] : [0xF0, (byte)(offset - 15)];
            byte[] rest = length < 19 ? [] : [(byte)(length - 19)];
            run[0] |= (byte)Math.Min(15, length - 4);
            byte[] block = [run[0], .. run[1..], .. literals, (byte)offset, 0, .. rest, 0x50, 1, 2, 3, 4, 5];

            var content = Decode(block);

            Assert.Equal(offset + length + 5, content.Length);
            for (var i = 0; i < offset + length; i++) Assert.Equal((byte)(100 + i % offset), content[i]);
            Assert.Equal([1, 2, 3, 4, 5], content[^5..]);
        }
    }

    [Fact]
    public void Literals_are_not_read_past_the_data()
    {
        using var memory = new GuardedMemory(100);
        for (var literals = 1; literals < 15; literals++)
        {
            byte[] block = [(byte)(literals << 4), .. new byte[literals], 1, 0, 0x50, 1, 2, 3, 4, 5];
            // Cut right behind the block, so that nothing lies between its last byte and the guarded page.
            var cut = Lz4TestFrame.Of(block)[..^4];
            using var content = new PooledBuffer();
            Assert.Throws<CorruptDataException>(() => Lz4Codec.Decompress(memory.Place(cut), content));
            Assert.Equal(literals + 4 + 5, content.Length);
        }
    }

    [Theory]
    [InlineData("a match with offset 0", new byte[] { 0x10, 65, 0, 0, 0x00 })]
    [InlineData("reaches 2 bytes back where only 1", new byte[] { 0x10, 65, 2, 0, 0x00 })]
    [InlineData("a run of 5 literal bytes where the block has 2", new byte[] { 0x50, 65, 65 })]
    [InlineData("ends inside a match's offset", new byte[] { 0x10, 65, 1 })]
    [InlineData("ends inside its sequences, behind a match", new byte[] { 0x10, 65, 1, 0 })]
    [InlineData("ends inside a length", new byte[] { 0xF0, 255 })]
    [InlineData("ends inside a length", new byte[] { 0x1F, 65, 1, 0, 255 })]
    public void Says_what_is_wrong_with_a_block(string problem, byte[] block)
    {
        using var content = new PooledBuffer();
        var refused = Assert.Throws<CorruptDataException>(() => Lz4Codec.Decompress(Lz4TestFrame.Of(block), content));
        Assert.Contains(problem, refused.Message);
        Assert.Equal("lz4", refused.Codec);
        Assert.InRange(refused.Position, Lz4TestFrame.FirstBlock, Lz4TestFrame.FirstBlock + block.Length);
    }

    private static string Text(params byte[] block) => Encoding.ASCII.GetString(Decode(block));

    private static byte[] Decode(byte[] block)
    {
        using var content = new PooledBuffer();
        Lz4Codec.Decompress(Lz4TestFrame.Of(block), content);
        return content.WrittenSpan.ToArray();
    }
}
