namespace Moldau.Protocol.Compression.Zstd;

/// <summary>A match as the tree reports it.</summary>
internal struct TreeMatch
{
    public int Length;
    public uint Offset;
}
