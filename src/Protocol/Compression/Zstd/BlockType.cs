namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Section 3.1.1.2.2.</summary>
internal enum BlockType
{
    Raw = 0,
    Rle = 1,
    Compressed = 2,
    Reserved = 3,
}
