using System.Buffers.Binary;
using System.IO.Compression;

namespace Moldau.Protocol.Compression.Gzip;

/// <summary>
/// Walks gzip members. Headers and trailers are checked here and only the deflate data goes to the platform, because its
/// own gzip reader takes some cut-off data for the end and ignores what follows a member.
/// </summary>
internal static unsafe class GzipReader
{
    // Section 2.3.1: the CRC of the content, and its length modulo 2^32.
    private const int TrailerLength = 8;

    private const int ReadSize = 4096;

    public static void ReadAll(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        if (source.IsEmpty) throw new CorruptDataException("gzip", "no data, not even a member's header", 0);
        var position = 0;
        while (position < source.Length) position = ReadMember(source, position, destination);
    }

    private static int ReadMember(ReadOnlySpan<byte> source, int position, PooledBuffer destination)
    {
        var dataAt = GzipHeader.Skip(source, position);
        var longest = source.Length - dataAt - TrailerLength;
        if (longest <= 0) throw Truncated(source);

        var contentStart = destination.Length;
        int dataLength;
        fixed (byte* data = source[dataAt..])
        {
            dataLength = Inflate(data, longest, dataAt, source.Length, destination);
        }

        var trailer = source.Slice(dataAt + dataLength, TrailerLength);
        var content = destination.WrittenSpan[contentStart..];
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        var actual = Crc32.Append(0, content);
        if (stored != actual)
        {
            throw new CorruptDataException("gzip", $"the content's CRC is 0x{stored:x8}, its bytes give 0x{actual:x8}", dataAt + dataLength);
        }
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        if (length != (uint)content.Length)
        {
            throw new CorruptDataException("gzip", $"the trailer announces {length} bytes of content, there are {content.Length}", dataAt + dataLength + 4);
        }
        return dataAt + dataLength + TrailerLength;
    }

    // Appends the content and returns how many bytes the deflate data takes. The platform's stream does not say, but its last
    // byte is always needed to finish it. Nearly always there is one member and the data ends right in front of the last
    // trailer: handing out that last byte by itself proves it. When the data ends earlier, inflating it once more with the
    // last piece handed out byte by byte finds the end.
    private static int Inflate(byte* data, int longest, int dataAt, int sourceLength, PooledBuffer destination)
    {
        using var feed = new CompressedFeed(data, longest, longest - 1);
        InflateTo(feed, dataAt, sourceLength, destination);
        if (feed.Given == longest) return longest;

        using var slowFeed = new CompressedFeed(data, feed.Given, feed.GivenBefore);
        Discard(slowFeed);
        return slowFeed.Given;
    }

    private static void InflateTo(CompressedFeed feed, int dataAt, int sourceLength, PooledBuffer destination)
    {
        try
        {
            using var inflater = new DeflateStream(feed, CompressionMode.Decompress, leaveOpen: true);
            Span<byte> probe = stackalloc byte[1];
            while (true)
            {
                var room = destination.MaxLength - destination.Length;
                // A full buffer is fine when nothing more comes.
                var count = inflater.Read(room == 0 ? probe : destination.GetSpan(Math.Min(room, ReadSize)));
                if (count == 0) break;
                if (room == 0) destination.Reserve(count);
                destination.Advance(count);
            }
        }
        catch (InvalidDataException) when (!feed.RanDry)
        {
            throw new CorruptDataException("gzip", "the deflate data is damaged", dataAt + feed.GivenBefore);
        }
        catch (InvalidDataException)
        {
            // Told apart by the same flag below; whether running dry throws depends on the platform's version.
        }
        if (feed.RanDry) throw new CorruptDataException("gzip", "the data ends inside a member", sourceLength);
    }

    private static void Discard(CompressedFeed feed)
    {
        using var inflater = new DeflateStream(feed, CompressionMode.Decompress, leaveOpen: true);
        Span<byte> scratch = stackalloc byte[4096];
        while (inflater.Read(scratch) != 0)
        {
        }
    }

    private static CorruptDataException Truncated(ReadOnlySpan<byte> source) => new("gzip", "the data ends inside a member", source.Length);
}
