using Moldau.Protocol.Compression.Gzip;
using Moldau.Protocol.Compression.Lz4;
using Moldau.Protocol.Compression.Snappy;
using Moldau.Protocol.Compression.Zstd;

namespace Moldau.Protocol.Compression;

/// <summary>The codecs, by number. Content is appended to the destination, whose limit bounds what decompression may make of it.</summary>
public static class Codecs
{
    /// <param name="compression">Which codec; not <see cref="CompressionType.None"/>.</param>
    /// <param name="source">The bytes to compress.</param>
    /// <param name="destination">Where the result is appended.</param>
    /// <param name="level">A level that <see cref="CheckLevel"/> returned.</param>
    public static void Compress(CompressionType compression, ReadOnlySpan<byte> source, PooledBuffer destination, int level)
    {
        switch (compression)
        {
            case CompressionType.Gzip:
                GzipCodec.Compress(source, destination, level);
                break;
            case CompressionType.Snappy:
                SnappyCodec.Compress(source, destination);
                break;
            case CompressionType.Lz4:
                Lz4Codec.Compress(source, destination, level);
                break;
            case CompressionType.Zstd:
                ZstdCodec.Compress(source, destination, level);
                break;
            default:
                throw new UnknownCompressionException(compression);
        }
    }

    public static void Decompress(CompressionType compression, ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        switch (compression)
        {
            case CompressionType.Gzip:
                GzipCodec.Decompress(source, destination);
                break;
            case CompressionType.Snappy:
                SnappyCodec.Decompress(source, destination);
                break;
            case CompressionType.Lz4:
                Lz4Codec.Decompress(source, destination);
                break;
            case CompressionType.Zstd:
                ZstdCodec.Decompress(source, destination);
                break;
            default:
                throw new UnknownCompressionException(compression);
        }
    }

    /// <summary>The level to use: the codec's default for null, or the one given where the codec has it.</summary>
    public static int CheckLevel(CompressionType compression, int? level)
    {
        var (lowest, highest, byDefault) = compression switch
        {
            CompressionType.Gzip => (GzipCodec.MinLevel, GzipCodec.MaxLevel, GzipCodec.DefaultLevel),
            CompressionType.Lz4 => (Lz4Codec.MinLevel, Lz4Codec.MaxLevel, Lz4Codec.DefaultLevel),
            CompressionType.Zstd => (ZstdCodec.MinLevel, ZstdCodec.MaxLevel, ZstdCodec.DefaultLevel),
            CompressionType.None or CompressionType.Snappy => (0, 0, 0),
            _ => throw new UnknownCompressionException(compression),
        };
        if (level is not { } chosen || chosen == byDefault) return byDefault;
        return chosen >= lowest && chosen <= highest
            ? chosen
            : throw new ArgumentOutOfRangeException(nameof(level), chosen, $"{compression} has {(lowest == highest ? "no levels" : $"levels {lowest} to {highest}")}");
    }
}
