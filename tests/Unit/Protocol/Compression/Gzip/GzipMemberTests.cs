using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Gzip;
using Xunit;

namespace Moldau.Unit.Protocol.Compression.Gzip;

/// <summary>Members put together by hand from RFC 1952, with stored blocks (RFC 1951, section 3.2.4) so that every byte is known.</summary>
public class GzipMemberTests
{
    // "abc": CRC-32 0x352441C2, published as a test value; length 3.
    private static readonly byte[] AbcTrailer = [0xC2, 0x41, 0x24, 0x35, 3, 0, 0, 0];

    // Final, stored (bits 1, 00); length 3 and its complement; the bytes.
    private static readonly byte[] AbcData = [0x01, 3, 0, 0xFC, 0xFF, (byte)'a', (byte)'b', (byte)'c'];

    private static readonly byte[] Abc = Member(0);

    [Fact]
    public void A_member_by_hand()
    {
        Assert.Equal("abc", Content(Abc));
    }

    [Fact]
    public void Members_follow_each_other()
    {
        Assert.Equal("abcabc", Content([.. Abc, .. Abc]));

        using var large = new PooledBuffer();
        GzipCodec.Compress(CompressionInputs.Json(100_000), large, 6);
        var text = Encoding.ASCII.GetString(CompressionInputs.Json(100_000));
        byte[] empty = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal("abc" + text + text + "abc", Content([.. Abc, .. large.WrittenSpan, .. empty, .. large.WrittenSpan, .. Abc]));
    }

    [Fact]
    public void Every_truncation_of_two_members_but_the_one_between_them_is_refused()
    {
        byte[] both = [.. Abc, .. Abc];
        for (var length = 0; length < both.Length; length++)
        {
            if (length == Abc.Length) Assert.Equal("abc", Content(both[..length]));
            else Refused(both[..length]);
        }
    }

    [Fact]
    public void Optional_header_fields_are_skipped()
    {
        // FLG bits: 1 text, 4 extra field, 8 name, 16 comment.
        Assert.Equal("abc", Content(Member(0x1D, 2, 0, 0xEE, 0xEE, (byte)'n', 0, (byte)'c', (byte)'c', 0)));
        Assert.Contains("inside a member's header", Refused(Member(0x04, 0xFF, 0xFF)).Message);
        Assert.Contains("inside a member's header", Refused(Member(0x08)[..12]).Message);
    }

    [Fact]
    public void The_header_crc_is_verified()
    {
        // The low half of the CRC-32 over 1F 8B 08 02 00 00 00 00 00 FF, by the bitwise definition of RFC 1952, section 8.
        byte[] header = [0x1F, 0x8B, 8, 2, 0, 0, 0, 0, 0, 0xFF];
        var crc = 0xFFFFFFFFu;
        foreach (var value in header)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        crc = ~crc;
        Assert.Equal("abc", Content(Member(2, (byte)crc, (byte)(crc >> 8))));
        Assert.Contains("the header's CRC is", Refused(Member(2, (byte)crc, (byte)((crc >> 8) ^ 1))).Message);
    }

    [Fact]
    public void Content_is_checked_against_the_trailer()
    {
        Assert.Contains("the content's CRC is 0x352441c3, its bytes give 0x352441c2", Refused(Changed(Abc.Length - 8, 0xC3)).Message);
        Assert.Contains("announces 4 bytes of content, there are 3", Refused(Changed(Abc.Length - 4, 4)).Message);
        Assert.Contains("the content's CRC", Refused(Changed(15, (byte)'x')).Message);
    }

    [Theory]
    [InlineData(0, 0x1E, "0x1e8b is not the magic number")]
    [InlineData(2, 7, "compression method 7")]
    [InlineData(3, 0x20, "reserved bits are set in the header flags 0x20")]
    [InlineData(10, 0x07, "the deflate data is damaged")]
    [InlineData(11, 0x04, "the deflate data is damaged")]
    public void Says_what_is_wrong_with_a_member(int position, byte value, string problem)
    {
        var refused = Refused(Changed(position, value));
        Assert.Contains(problem, refused.Message);
        Assert.Equal("gzip", refused.Codec);
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0x1F })]
    [InlineData(new byte[] { 0x1F, 0x8B })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Nothing_but_members_may_follow_a_member(byte[] garbage)
    {
        var refused = Refused([.. Abc, .. garbage]);
        Assert.InRange(refused.Position, Abc.Length, Abc.Length + garbage.Length);
    }

    [Fact]
    public void Bytes_between_the_data_and_the_trailer_are_refused()
    {
        Refused([.. Abc[..^8], 0, .. AbcTrailer]);
        Refused([.. Abc[..^8], .. AbcTrailer[..1], .. AbcTrailer]);
    }

    private static byte[] Member(byte flags, params byte[] optional) =>
        [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 0xFF, .. optional, .. AbcData, .. AbcTrailer];

    private static byte[] Changed(int position, byte value)
    {
        var copy = Abc.ToArray();
        copy[position] = value;
        return copy;
    }

    private static string Content(byte[] members)
    {
        using var content = new PooledBuffer();
        GzipCodec.Decompress(members, content);
        return Encoding.ASCII.GetString(content.WrittenSpan);
    }

    private static CorruptDataException Refused(byte[] members)
    {
        using var content = new PooledBuffer();
        return Assert.Throws<CorruptDataException>(() => GzipCodec.Decompress(members, content));
    }
}
