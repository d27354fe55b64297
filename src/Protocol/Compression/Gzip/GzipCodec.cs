using System.IO.Compression;

namespace Moldau.Protocol.Compression.Gzip;

/// <summary>Gzip as Kafka's record batches carry it (compression type 1).</summary>
public static class GzipCodec
{
    public const int MinLevel = 1;
    public const int MaxLevel = 9;

    /// <summary>zlib's own choice, the same as level 6.</summary>
    public const int DefaultLevel = -1;

    private const int DefaultZLibLevel = 6;

    // A member without content: header (no flags, no time, unknown system), one empty final block, CRC 0, length 0.
    private static ReadOnlySpan<byte> EmptyMember => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Appends one member.</summary>
    /// <param name="level">1 to 9, or <see cref="DefaultLevel"/>. Before .NET 9 only three are told apart: 1 to 3, 4 to 8, and 9.</param>
    public static void Compress(ReadOnlySpan<byte> source, PooledBuffer destination, int level)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (level == DefaultLevel) level = DefaultZLibLevel;
        ArgumentOutOfRangeException.ThrowIfLessThan(level, MinLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        // The platform's stream writes nothing at all when it is given nothing.
        if (source.IsEmpty)
        {
            destination.Write(EmptyMember);
            return;
        }

        using var sink = new PooledBufferSink(destination);
        using var stream = Open(sink, level);
        stream.Write(source);
    }

    /// <summary>
    /// Appends the content of every member in <paramref name="source"/>. When it throws, what was decoded before the fault stays appended.
    /// </summary>
    /// <exception cref="CorruptDataException">The source is not a series of whole, sound members.</exception>
    /// <exception cref="BufferLimitException">The content does not fit the destination's limit.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        GzipReader.ReadAll(source, destination);
    }

#if NET9_0_OR_GREATER
    private static GZipStream Open(Stream sink, int level) =>
        new(sink, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
#else
    // .NET 8 has names for zlib's levels 1, 6 and 9 and no way to ask for another: the nearest stands in.
    private static GZipStream Open(Stream sink, int level)
    {
        var nearest = level switch { <= 3 => CompressionLevel.Fastest, < MaxLevel => CompressionLevel.Optimal, _ => CompressionLevel.SmallestSize };
        return new GZipStream(sink, nearest, leaveOpen: true);
    }
#endif
}
