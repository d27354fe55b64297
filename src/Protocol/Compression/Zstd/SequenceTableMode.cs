namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Section 3.1.1.3.2.1: where a block's table for one of the three sequence fields comes from.</summary>
internal enum SequenceTableMode
{
    Predefined = 0,
    Rle = 1,
    Compressed = 2,
    Repeat = 3,
}
