namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Literals to copy, then a match (RFC 8878 section 3.1.1.3.2). The offset is in the format's numbering: 1 to 3 repeat, others are the distance plus 3.</summary>
internal struct Sequence
{
    public uint LiteralLength;
    public uint MatchLength;
    public uint OffsetValue;
}
