using System.Text;

namespace Moldau.Broker.Settings.Start;

/// <summary>
/// Reads text as <c>java.util.Properties</c> does: comments, continued lines, three separators, escapes. A name that is
/// there twice comes twice; the later one counts.
/// </summary>
public static class PropertiesReader
{
    /// <param name="text">The file's.</param>
    /// <param name="take">Is given each name, its value and the line it begins on, from 1.</param>
    /// <returns>A sentence for each line that cannot be read, with its number.</returns>
    public static List<(int Line, string Fault)> Read(string text, Action<string, string, int> take)
    {
        var faults = new List<(int, string)>();
        var lines = new PropertiesLines(text);
        while (lines.Next())
        {
            var (nameEnd, valueStart) = Split(lines.Current);
            var name = Unescape(lines.Current[..nameEnd]);
            var value = Unescape(lines.Current[valueStart..]);
            if (name is null || value is null) faults.Add((lines.Number, @"a \u is not followed by four hexadecimal digits; a backslash itself is written \\"));
            else take(name, value, lines.Number);
        }

        return faults;
    }

    /// <summary>A file's bytes as text: UTF-8 where that is what they are, else Latin-1, which is all that Java reads.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>Where the name ends and the value begins.</summary>
    private static (int NameEnd, int ValueStart) Split(string line)
    {
        var end = 0;
        for (var escaped = false; end < line.Length && (escaped || !(line[end] is '=' or ':' || IsBlank(line[end]))); end++)
            escaped = line[end] == '\\' && !escaped;
        var start = end;
        for (var isSeparated = false; start < line.Length; start++)
        {
            if (IsBlank(line[start])) continue;
            if (isSeparated || line[start] is not ('=' or ':')) break;
            isSeparated = true;
        }

        return (end, start);
    }

    /// <summary>Null where an escape says nothing.</summary>
    private static string? Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            if (++i == text.Length) break;
            if (text[i] != 'u')
            {
                plain.Append(text[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', var itself => itself });
                continue;
            }

            if (i + 4 >= text.Length || !TryHex(text.AsSpan(i + 1, 4), out var letter)) return null;
            plain.Append(letter);
            i += 4;
        }

        return plain.ToString();
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out char letter)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                letter = default;
                return false;
            }

            number = (number << 4) | Convert.ToInt32(digit.ToString(), 16);
        }

        letter = (char)number;
        return true;
    }

    private static bool IsBlank(char letter) => letter is ' ' or '\t' or '\f';
}
