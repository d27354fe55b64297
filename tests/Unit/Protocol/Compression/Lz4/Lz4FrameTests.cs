using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Lz4;
using Xunit;

namespace Moldau.Unit.Protocol.Compression.Lz4;

/// <summary>Everything the frame format allows and Kafka's own writer never uses, and everything it forbids.</summary>
public class Lz4FrameTests
{
    // Two literals, then eight bytes at offset 2, then no literals: "ababababab".
    private static readonly byte[] AbBlock = [0x24, (byte)'a', (byte)'b', 2, 0, 0x00];

    [Fact]
    public void The_hash_is_xxhash()
    {
        // Published values for seed 0.
        Assert.Equal(0x02CC5D05u, Lz4TestFrame.XxHash([]));
        Assert.Equal(0x32D153FFu, Lz4TestFrame.XxHash("abc"u8.ToArray()));
        // Flags and block descriptor of the usual frame.
        Assert.Equal(0x82, Lz4TestFrame.Header(0x60, 0x40)[6]);
    }

    [Theory]
    [InlineData(0x40, 65_536)]
    [InlineData(0x50, 262_144)]
    [InlineData(0x60, 1_048_576)]
    [InlineData(0x70, 4_194_304)]
    public void Every_block_size_up_to_its_last_byte(byte blockDescriptor, int size)
    {
        Assert.Equal(size, Content(Repeated(blockDescriptor, size)).Length);
        Assert.Contains($"decodes to more than the frame's {size} bytes", Refused(Repeated(blockDescriptor, size + 1)).Message);
    }

    [Fact]
    public void A_stored_block_is_bounded_by_the_block_size_too()
    {
        byte[] frame = [.. Lz4TestFrame.Header(0x60, 0x40), .. Lz4TestFrame.Block(new byte[65_537], stored: true), 0, 0, 0, 0];
        Assert.Contains("a block of 65537 bytes in a frame of blocks up to 65536", Refused(frame).Message);
    }

    [Fact]
    public void Linked_blocks_reach_into_the_blocks_before_and_no_farther()
    {
        // The second block is one match of 4 bytes at offset 10, the start of the first.
        byte[] second = [0x00, 10, 0, 0x00];
        byte[] tooFar = [0x00, 11, 0, 0x00];
        byte[] linked = [.. Lz4TestFrame.Header(0x40, 0x40), .. Lz4TestFrame.Block(AbBlock), .. Lz4TestFrame.Block(second), 0, 0, 0, 0];
        byte[] beyond = [.. Lz4TestFrame.Header(0x40, 0x40), .. Lz4TestFrame.Block(AbBlock), .. Lz4TestFrame.Block(tooFar), 0, 0, 0, 0];
        byte[] independent = [.. Lz4TestFrame.Header(0x60, 0x40), .. Lz4TestFrame.Block(AbBlock), .. Lz4TestFrame.Block(second), 0, 0, 0, 0];

        Assert.Equal("ababababababab", Content(linked));
        Assert.Contains("reaches 11 bytes back where only 10", Refused(beyond).Message);
        Assert.Contains("reaches 10 bytes back where only 0", Refused(independent).Message);
    }

    [Fact]
    public void Linked_blocks_do_not_reach_what_the_destination_held_or_another_frame()
    {
        byte[] first = [.. Lz4TestFrame.Header(0x40, 0x40), .. Lz4TestFrame.Block(AbBlock), 0, 0, 0, 0];
        byte[] second = [.. Lz4TestFrame.Header(0x40, 0x40), .. Lz4TestFrame.Block([0x00, 1, 0, 0x00]), 0, 0, 0, 0];
        using var destination = new PooledBuffer();
        destination.Write(new byte[100]);

        Assert.Throws<CorruptDataException>(() => Lz4Codec.Decompress(second, destination));
        Assert.Contains("where only 0", Refused([.. first, .. second]).Message);
    }

    [Fact]
    public void Block_checksums_are_verified()
    {
        byte[] frame = [.. Lz4TestFrame.Header(0x70, 0x40), .. Lz4TestFrame.Block(AbBlock), .. Lz4TestFrame.Number(Lz4TestFrame.XxHash(AbBlock)), 0, 0, 0, 0];
        Assert.Equal("ababababab", Content(frame));

        frame[^5] ^= 1;
        Assert.Contains("a block's checksum is", Refused(frame).Message);
    }

    [Fact]
    public void The_content_checksum_is_verified()
    {
        byte[] frame = [.. Lz4TestFrame.Header(0x64, 0x40), .. Lz4TestFrame.Block(AbBlock), 0, 0, 0, 0, .. Lz4TestFrame.Number(Lz4TestFrame.XxHash("ababababab"u8.ToArray()))];
        Assert.Equal("ababababab", Content(frame));

        frame[^1] ^= 1;
        Assert.Contains("the content's checksum is", Refused(frame).Message);
        Assert.Contains("ends inside the content's checksum", Refused(frame[..^1]).Message);
    }

    [Fact]
    public void The_content_size_is_verified_and_makes_no_room()
    {
        byte[] body = [.. Lz4TestFrame.Block(AbBlock), 0, 0, 0, 0];
        Assert.Equal("ababababab", Content([.. Lz4TestFrame.Header(0x68, 0x40, 10, 0, 0, 0, 0, 0, 0, 0), .. body]));

        byte[] lie = [.. Lz4TestFrame.Header(0x68, 0x40, 0, 0, 0, 0, 1, 0, 0, 0), .. body];
        using var destination = new PooledBuffer(initialCapacity: 16);
        var refused = Assert.Throws<CorruptDataException>(() => Lz4Codec.Decompress(lie, destination));
        Assert.Contains("announces 4294967296 bytes of content and holds 10", refused.Message);
        Assert.InRange(destination.Bytes.Length, 0, 64 * 1024);
    }

    [Fact]
    public void Frames_follow_each_other_and_skippable_ones_hold_nothing()
    {
        var frame = Lz4TestFrame.Of(AbBlock);
        byte[] skippable = [.. Lz4TestFrame.Number(0x184D2A53), 3, 0, 0, 0, 0xFF, 0xFF, 0xFF];

        Assert.Equal("abababababababababab", Content([.. frame, .. skippable, .. frame]));
        Assert.Equal("", Content(skippable));
        Assert.Contains("a skippable frame of 3 bytes where 2 are left", Refused(skippable[..^1]).Message);
    }

    [Theory]
    [InlineData("frame version 2", 0xA0, 0x40)]
    [InlineData("frame version 0", 0x20, 0x40)]
    [InlineData("reserved bit 1", 0x62, 0x40)]
    [InlineData("needs a dictionary", 0x61, 0x40)]
    [InlineData("block size number 3", 0x60, 0x30)]
    [InlineData("reserved bits are set in the block descriptor 0xc0", 0x60, 0xC0)]
    [InlineData("reserved bits are set in the block descriptor 0x41", 0x60, 0x41)]
    public void Headers_it_refuses(string problem, byte flags, byte blockDescriptor)
    {
        Assert.Contains(problem, Refused([.. Lz4TestFrame.Header(flags, blockDescriptor, 1, 2, 3, 4), 0, 0, 0, 0]).Message);
    }

    [Fact]
    public void The_header_checksum_is_verified_and_so_is_the_one_of_old_message_formats()
    {
        byte[] frame = [.. Lz4TestFrame.Header(0x60, 0x40), 0, 0, 0, 0];
        // Message formats 0 and 1 hashed the magic number with the descriptor.
        frame[6] = (byte)(Lz4TestFrame.XxHash(frame[..6]) >> 8);

        var refused = Refused(frame);
        Assert.Contains("the header checksum is", refused.Message);
        Assert.Equal(6, refused.Position);
    }

    [Fact]
    public void Legacy_frames_and_other_formats_are_told_apart()
    {
        Assert.Contains("a legacy frame", Refused([0x02, 0x21, 0x4C, 0x18, 0, 0, 0, 0]).Message);
        Assert.Contains("0xfd2fb528 is not the magic number", Refused([0x28, 0xB5, 0x2F, 0xFD, 0]).Message);
        var trailing = Refused([.. Lz4TestFrame.Of(AbBlock), 0, 0, 0, 0]);
        Assert.Contains("0x00000000 is not the magic number", trailing.Message);
        Assert.Equal(Lz4TestFrame.Of(AbBlock).Length, trailing.Position);
    }

    // One literal repeated: a match at offset 1 of size - 1 bytes, then no literals.
    private static byte[] Repeated(byte blockDescriptor, int size)
    {
        var rest = size - 1 - 4 - 15;
        byte[] block = [0x1F, 7, 1, 0, .. Enumerable.Repeat((byte)255, rest / 255), (byte)(rest % 255), 0x00];
        return [.. Lz4TestFrame.Header(0x60, blockDescriptor), .. Lz4TestFrame.Block(block), 0, 0, 0, 0];
    }

    private static string Content(byte[] frames)
    {
        using var content = new PooledBuffer(initialCapacity: 16);
        Lz4Codec.Decompress(frames, content);
        return Encoding.ASCII.GetString(content.WrittenSpan);
    }

    private static CorruptDataException Refused(byte[] frames)
    {
        using var content = new PooledBuffer();
        return Assert.Throws<CorruptDataException>(() => Lz4Codec.Decompress(frames, content));
    }
}
