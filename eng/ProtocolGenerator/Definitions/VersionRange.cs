using System.Globalization;

namespace Moldau.ProtocolGenerator.Definitions;

/// <summary>An inclusive range of versions; <c>3+</c> ends at <see cref="Open"/>, and an empty one has its end before its start.</summary>
public readonly struct VersionRange
{
    public const short Open = short.MaxValue;

    public static readonly VersionRange All = new(0, Open);
    public static readonly VersionRange None = new(1, 0);

    public VersionRange(short first, short last)
    {
        First = first;
        Last = last;
    }

    public short First { get; }

    public short Last { get; }

    public bool IsEmpty => Last < First;

    public bool Contains(int version) => version >= First && version <= Last;

    public bool Covers(VersionRange other) => other.IsEmpty || (First <= other.First && Last >= other.Last);

    public VersionRange Intersect(VersionRange other)
    {
        var first = First > other.First ? First : other.First;
        var last = Last < other.Last ? Last : other.Last;
        return last < first ? None : new VersionRange(first, last);
    }

    /// <summary>Reads <c>3+</c>, <c>-2</c> (0 to 2), <c>3-7</c>, <c>5</c>, or <c>none</c>.</summary>
    public static bool TryParse(string text, out VersionRange range)
    {
        range = None;
        if (text == "none") return true;
        if (text.Length == 0) return false;
        if (text[text.Length - 1] == '+')
            return Number(text.Substring(0, text.Length - 1), out var from) && Set(from, Open, out range);

        var dash = text.IndexOf('-');
        if (dash < 0) return Number(text, out var only) && Set(only, only, out range);

        short first = 0;
        if (dash > 0 && !Number(text.Substring(0, dash), out first)) return false;
        return Number(text.Substring(dash + 1), out var last) && last >= first && Set(first, last, out range);
    }

    public override string ToString()
    {
        if (IsEmpty) return "none";
        if (Last == Open) return First + "+";
        return First == Last ? First.ToString(CultureInfo.InvariantCulture) : First + "-" + Last;
    }

    private static bool Number(string text, out short value) =>
        short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool Set(short first, short last, out VersionRange range)
    {
        range = new VersionRange(first, last);
        return true;
    }
}
