namespace Moldau.Protocol.Compression;

/// <summary>A compression number that no codec has.</summary>
public sealed class UnknownCompressionException(CompressionType compression)
    : Exception($"compression type {(int)compression} does not exist; known are 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd")
{
    public CompressionType Compression { get; } = compression;
}
