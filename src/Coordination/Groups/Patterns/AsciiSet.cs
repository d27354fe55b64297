using System.Globalization;
using System.Text;

namespace Moldau.Coordination.Groups.Patterns;

/// <summary>
/// The characters a class stands for, as far as they can occur: names of topics are ASCII, so what lies beyond only matters
/// where case folding leads back.
/// </summary>
internal readonly record struct AsciiSet(UInt128 Bits)
{
    public static readonly AsciiSet All = new(UInt128.MaxValue);

    private const int Last = 127;
    private const int LongS = 0x17F;
    private const int Kelvin = 0x212A;

    public bool Contains(int character) => character <= Last && ((Bits >> character) & 1) != 0;

    public AsciiSet Or(AsciiSet other) => new(Bits | other.Bits);

    public AsciiSet Not() => new(~Bits);

    public static AsciiSet Range(int from, int to)
    {
        UInt128 bits = 0;
        for (var character = from; character <= Math.Min(to, Last); character++) bits |= UInt128.One << character;
        return new AsciiSet(bits);
    }

    /// <summary>A range and all that differs from one of its characters by case only.</summary>
    public static AsciiSet FoldedRange(int from, int to)
    {
        var set = Range(from, to).Folded();
        if (from <= LongS && LongS <= to) set = set.Or(Of("sS"));
        return from <= Kelvin && Kelvin <= to ? set.Or(Of("kK")) : set;
    }

    public static AsciiSet Of(string characters)
    {
        UInt128 bits = 0;
        foreach (var character in characters) bits |= UInt128.One << character;
        return new AsciiSet(bits);
    }

    public static AsciiSet Where(Func<char, bool> belongs)
    {
        UInt128 bits = 0;
        for (var character = 0; character <= Last; character++)
        {
            if (belongs((char)character)) bits |= UInt128.One << character;
        }

        return new AsciiSet(bits);
    }

    public AsciiSet Folded()
    {
        var set = this;
        return Where(character => set.Contains(character) || (char.IsAsciiLetter(character) && set.Contains(character ^ 0x20)));
    }

    /// <summary>As .NET's expressions write it.</summary>
    public string ToExpression()
    {
        if (Bits == 0) return @"[^\x00-\uFFFF]";
        var text = new StringBuilder("[");
        for (var character = 0; character <= Last; character++)
        {
            if (!Contains(character)) continue;
            var end = character;
            while (end < Last && Contains(end + 1)) end++;
            text.Append(CultureInfo.InvariantCulture, $@"\x{character:x2}");
            if (end > character) text.Append(CultureInfo.InvariantCulture, $@"-\x{end:x2}");
            character = end;
        }

        return text.Append(']').ToString();
    }
}
