namespace Moldau.Protocol.Compression.Zstd;

/// <summary>The cheapest way found to get to a position: by a match, or by a literal when the match length is zero.</summary>
internal struct OptimalNode
{
    /// <summary>In 1/256 bit.</summary>
    public int Price;

    public int MatchLength;

    public uint OffsetValue;

    /// <summary>The literals since the last match on the way.</summary>
    public int LiteralLength;

    /// <summary>The last offsets when one arrives this way; known once the position's turn has come.</summary>
    public RepeatOffsets Repeats;
}
