namespace Moldau.Protocol.Compression.Lz4;

/// <summary>The block format's numbers that both compressors keep to.</summary>
internal static class Lz4BlockFormat
{
    /// <summary>The blocks written here. Positions in them fit 16 bits and no match can be out of a 16-bit offset's reach.</summary>
    public const int BlockSize = 64 * 1024;

    public const int MinMatch = 4;

    /// <summary>"End of block conditions": the last five bytes are always literals.</summary>
    public const int LastLiterals = 5;

    /// <summary>
    /// How far from the end the last match may start. The format says 12; 16 lets literals in front of a match be
    /// copied by whole vectors without reading past the block.
    /// </summary>
    public const int LastMatchStart = 16;

    /// <summary>A length nibble of 15 is continued in length bytes.</summary>
    public const int LongLength = 15;

    /// <summary>The most a block can grow to (all literals: one length byte per 255, a token), and the slack the vector copies need.</summary>
    public static int MaxEncodedLength(int length) => length + length / 255 + 32;
}
