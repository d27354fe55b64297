namespace Moldau.Protocol.Compression.Zstd;

/// <summary>The three offsets used last, the latest first (RFC 8878 section 3.1.1.5); they outlive a block but not a frame.</summary>
internal struct RepeatOffsets
{
    public uint First;
    public uint Second;
    public uint Third;

    public static RepeatOffsets Initial => new() { First = 1, Second = 4, Third = 8 };
}
