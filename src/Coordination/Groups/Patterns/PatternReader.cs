namespace Moldau.Coordination.Groups.Patterns;

/// <summary>Reads an expression code point by code point.</summary>
internal sealed class PatternReader(string text)
{
    private const int None = -1;

    public int Position { get; set; }

    public bool HasMore => Position < text.Length;

    public string Rest => text[Math.Min(Position, text.Length)..];

    public int Peek() => HasMore ? At(Position) : None;

    public int Pop()
    {
        var rune = At(Position);
        Position += rune > char.MaxValue ? 2 : 1;
        return rune;
    }

    public bool LooksAt(string expected) => string.CompareOrdinal(text, Position, expected, 0, expected.Length) == 0;

    public bool Skip(string expected)
    {
        if (!LooksAt(expected)) return false;
        Position += expected.Length;
        return true;
    }

    private int At(int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
            ? char.ConvertToUtf32(text[index], text[index + 1])
            : text[index];
}
