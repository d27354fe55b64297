using System.Buffers.Binary;

namespace Moldau.Protocol.Compression.Gzip;

/// <summary>The header of a gzip member (RFC 1952, section 2.3). Nothing in it matters to a record batch but its length.</summary>
internal static class GzipHeader
{
    private const int FixedLength = 10;
    private const int Deflate = 8;

    // Section 2.3.1, FLG. FTEXT, bit 0, is a hint.
    private const int HeaderCrc = 0x02;
    private const int ExtraField = 0x04;
    private const int FileName = 0x08;
    private const int Comment = 0x10;
    private const int Reserved = 0xE0;

    /// <summary>Checks the header at <paramref name="position"/> and returns where the compressed data behind it starts.</summary>
    public static int Skip(ReadOnlySpan<byte> source, int position)
    {
        var start = position;
        var rest = source[start..];
        if (!rest.StartsWith([(byte)0x1F, (byte)0x8B]) && rest.Length >= 2)
        {
            throw new CorruptDataException("gzip", $"0x{rest[0]:x2}{rest[1]:x2} is not the magic number of a member", start);
        }
        if (rest.Length < FixedLength) throw Truncated(source);
        if (rest[2] != Deflate) throw new CorruptDataException("gzip", $"compression method {rest[2]}, only 8 (deflate) exists", start + 2);
        var flags = rest[3];
        // Section 2.3.1.2: reserved bits must be zero, else what follows is not what this version describes.
        if ((flags & Reserved) != 0) throw new CorruptDataException("gzip", $"reserved bits are set in the header flags 0x{flags:x2}", start + 3);

        position += FixedLength;
        if ((flags & ExtraField) != 0) position = SkipExtraField(source, position);
        if ((flags & FileName) != 0) position = SkipText(source, position);
        if ((flags & Comment) != 0) position = SkipText(source, position);
        if ((flags & HeaderCrc) == 0) return position;

        if (source.Length - position < 2) throw Truncated(source);
        var stored = BinaryPrimitives.ReadUInt16LittleEndian(source[position..]);
        var actual = (ushort)Crc32.Append(0, source[start..position]);
        if (stored != actual) throw new CorruptDataException("gzip", $"the header's CRC is 0x{stored:x4}, its bytes give 0x{actual:x4}", position);
        return position + 2;
    }

    private static int SkipExtraField(ReadOnlySpan<byte> source, int position)
    {
        if (source.Length - position < 2) throw Truncated(source);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(source[position..]);
        if (source.Length - position - 2 < length) throw Truncated(source);
        return position + 2 + length;
    }

    private static int SkipText(ReadOnlySpan<byte> source, int position)
    {
        var length = source[position..].IndexOf((byte)0);
        if (length < 0) throw Truncated(source);
        return position + length + 1;
    }

    private static CorruptDataException Truncated(ReadOnlySpan<byte> source) =>
        new("gzip", "the data ends inside a member's header", source.Length);
}
