namespace Moldau.Protocol.Compression;

/// <summary>The codecs, by the number that a batch's attributes carry.</summary>
public enum CompressionType : byte
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}
