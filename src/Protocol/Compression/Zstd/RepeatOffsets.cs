namespace Moldau.Protocol.Compression.Zstd;

/// <summary>The three offsets used last, the latest first (RFC 8878 section 3.1.1.5); they outlive a block but not a frame.</summary>
internal struct RepeatOffsets
{
    public uint First;
    public uint Second;
    public uint Third;

    public static RepeatOffsets Initial => new() { First = 1, Second = 4, Third = 8 };

    /// <summary>The offset at a place from 0 on; the fourth is the latest less one.</summary>
    public readonly uint At(int place) => place switch { 0 => First, 1 => Second, 2 => Third, _ => First - 1 };

    /// <summary>What a sequence with this offset value leaves behind.</summary>
    public void Use(uint offsetValue, bool withoutLiterals)
    {
        if (offsetValue > 3)
        {
            (First, Second, Third) = (offsetValue - 3, First, Second);
            return;
        }
        var place = (int)offsetValue - (withoutLiterals ? 0 : 1);
        if (place == 0) return;
        var offset = At(place);
        if (place != 1) Third = Second;
        Second = First;
        First = offset;
    }
}
