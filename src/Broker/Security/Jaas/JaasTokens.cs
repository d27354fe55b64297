using System.Text;

namespace Moldau.Broker.Security.Jaas;

/// <summary>The words of a JAAS configuration, between blanks and comments.</summary>
internal sealed class JaasTokens(string text)
{
    private int _at;

    public bool IsAtEnd
    {
        get
        {
            SkipBlanks();
            return _at == text.Length;
        }
    }

    public bool TryTake(char sign)
    {
        SkipBlanks();
        if (_at == text.Length || text[_at] != sign) return false;
        _at++;
        return true;
    }

    public string Word(string expected)
    {
        SkipBlanks();
        if (_at == text.Length) throw new JaasException($"it ends where {expected} should stand");
        if (text[_at] is '"' or '\'') return Quoted(text[_at++]);
        var start = _at;
        while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && text[_at] is not ('=' or ';' or '"' or '\'')) _at++;
        return _at > start ? text[start.._at] : throw new JaasException($"a '{text[_at]}' stands where {expected} should (character {_at + 1})");
    }

    private string Quoted(char quote)
    {
        var start = _at;
        var word = new StringBuilder();
        while (_at < text.Length && text[_at] is not ('\n' or '\r'))
        {
            var letter = text[_at++];
            if (letter == quote) return word.ToString();
            word.Append(letter == '\\' && _at < text.Length ? Escaped() : letter);
        }

        throw new JaasException($"the quote before character {start + 1} is not closed");
    }

    private char Escaped()
    {
        var letter = text[_at++];
        if (letter is >= '0' and <= '7') return Octal(letter);
        return letter switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            _ => letter,
        };
    }

    private char Octal(char first)
    {
        var value = first - '0';
        var most = first <= '3' ? 3 : 2;
        for (var i = 1; i < most && _at < text.Length && text[_at] is >= '0' and <= '7'; i++) value = (value * 8) + (text[_at++] - '0');
        return (char)value;
    }

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (char.IsWhiteSpace(text[_at])) _at++;
            else if (Begins("//")) SkipBehind("\n");
            else if (Begins("/*")) SkipBehind("*/");
            else return;
        }
    }

    private bool Begins(string sign) => text.AsSpan(_at).StartsWith(sign, StringComparison.Ordinal);

    private void SkipBehind(string sign)
    {
        var found = text.IndexOf(sign, _at + 2, StringComparison.Ordinal);
        _at = found < 0 ? text.Length : found + sign.Length;
    }
}
