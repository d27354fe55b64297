namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Section 3.1.1.3.1.1.</summary>
internal enum LiteralsType
{
    Raw = 0,
    Rle = 1,
    Compressed = 2,
    Treeless = 3,
}
