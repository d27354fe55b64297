namespace Moldau.Coordination.Groups.Patterns;

/// <summary>Reads a class in brackets.</summary>
internal static class ClassReader
{
    /// <summary>At the opening bracket.</summary>
    public static AsciiSet Read(PatternReader reader, bool foldsCase)
    {
        reader.Position++;
        var isNegated = reader.Skip("^");
        AsciiSet set = default;
        for (var isFirst = true; !reader.HasMore || reader.Peek() != ']' || isFirst; isFirst = false)
            set = set.Or(ReadNamed(reader, foldsCase) ?? ReadRange(reader, foldsCase));
        reader.Position++;
        return isNegated ? set.Not() : set;
    }

    private static AsciiSet? ReadNamed(PatternReader reader, bool foldsCase)
    {
        if (reader.LooksAt("[:"))
        {
            var end = reader.Rest.IndexOf(":]", StringComparison.Ordinal);
            if (end >= 0)
            {
                var name = reader.Rest[..(end + 2)];
                reader.Position += name.Length;
                return ClassNames.Posix(name, foldsCase) ?? throw BadRange();
            }
        }

        if (EscapeReader.ReadUnicodeClass(reader, foldsCase) is { } unicode) return unicode;
        return ReadPerl(reader);
    }

    /// <summary>Null, and nothing read, where none of \d \s \w and their opposites stands.</summary>
    public static AsciiSet? ReadPerl(PatternReader reader)
    {
        var start = reader.Position;
        if (!reader.Skip(@"\") || !reader.HasMore || ClassNames.Perl(reader.Pop()) is not { } set)
        {
            reader.Position = start;
            return null;
        }

        return set;
    }

    private static AsciiSet ReadRange(PatternReader reader, bool foldsCase)
    {
        var from = ReadCharacter(reader);
        var to = from;
        // A hyphen before the closing bracket is one.
        if (reader.LooksAt("-") && !reader.LooksAt("-]"))
        {
            reader.Position++;
            to = ReadCharacter(reader);
            if (to < from) throw BadRange();
        }

        return foldsCase ? AsciiSet.FoldedRange(from, to) : AsciiSet.Range(from, to);
    }

    private static int ReadCharacter(PatternReader reader)
    {
        if (!reader.HasMore) throw new PatternException("missing closing ]");
        return reader.LooksAt(@"\") ? EscapeReader.ReadCharacter(reader) : reader.Pop();
    }

    private static PatternException BadRange() => new("invalid character class range");
}
