using System.Text;

namespace Moldau.Coordination.Groups.Patterns;

/// <summary>Reads what begins with a backslash and stands for one character, or for a class that Unicode names.</summary>
internal static class EscapeReader
{
    private const int LastRune = 0x10FFFF;
    private const int LongestOctal = 3;

    /// <summary>At the backslash.</summary>
    public static int ReadCharacter(PatternReader reader)
    {
        reader.Position++;
        if (!reader.HasMore) throw new PatternException("trailing backslash at end of expression");
        var rune = reader.Pop();
        return rune switch
        {
            '0' => Octal(reader, rune),
            >= '1' and <= '7' when IsOctal(reader.Peek()) => Octal(reader, rune),
            'x' => Hexadecimal(reader),
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            < 128 when char.IsAsciiLetterOrDigit((char)rune) => throw Invalid(),
            _ => rune,
        };
    }

    /// <summary>At the backslash of \p or \P; null where something else stands.</summary>
    public static AsciiSet? ReadUnicodeClass(PatternReader reader, bool foldsCase)
    {
        if (!reader.LooksAt(@"\p") && !reader.LooksAt(@"\P")) return null;
        reader.Position++;
        var isNegated = reader.Pop() == 'P';
        if (!reader.HasMore) throw BadRange();
        var rune = reader.Pop();
        string name;
        if (rune == '{')
        {
            var end = reader.Rest.IndexOf('}', StringComparison.Ordinal);
            if (end < 0) throw BadRange();
            name = reader.Rest[..end];
            reader.Position += end + 1;
        }
        else
        {
            name = Rune.TryCreate(rune, out var whole) ? whole.ToString() : ((char)rune).ToString();
        }

        if (name.StartsWith('^'))
        {
            isNegated = !isNegated;
            name = name[1..];
        }

        var set = ClassNames.Unicode(name, foldsCase) ?? throw BadRange();
        return isNegated ? set.Not() : set;
    }

    private static int Octal(PatternReader reader, int first)
    {
        var value = first - '0';
        for (var digits = 1; digits < LongestOctal && IsOctal(reader.Peek()); digits++) value = (value * 8) + reader.Pop() - '0';
        return value;
    }

    private static int Hexadecimal(PatternReader reader)
    {
        if (!reader.HasMore) throw Invalid();
        var first = reader.Pop();
        if (first != '{')
        {
            if (!reader.HasMore) throw Invalid();
            return (Digit(first) * 16) + Digit(reader.Pop());
        }

        var value = 0;
        for (var digits = 0; ; digits++)
        {
            if (!reader.HasMore) throw Invalid();
            var rune = reader.Pop();
            if (rune == '}') return digits > 0 ? value : throw Invalid();
            value = (value * 16) + Digit(rune);
            if (value > LastRune) throw Invalid();
        }
    }

    private static int Digit(int rune) => rune < 128 && char.IsAsciiHexDigit((char)rune) ? Convert.ToInt32(((char)rune).ToString(), 16) : throw Invalid();

    private static bool IsOctal(int rune) => rune is >= '0' and <= '7';

    private static PatternException Invalid() => new("invalid escape sequence");

    private static PatternException BadRange() => new("invalid character class range");
}
