using System.Buffers;
using System.Globalization;
using System.Text;

namespace Moldau.Storage.Checkpoints;

/// <summary>
/// The text of java.util.Properties: bytes are Latin-1, other characters are escaped, a line ending in a backslash goes on
/// in the next. Of a key that stands twice the last value counts, as it does there.
/// </summary>
public static class JavaProperties
{
    private const string Advice = "restore the file from a copy, or write that line anew";

    private static readonly char[] Blanks = [' ', '\t', '\f'];

    public static Dictionary<string, Setting> Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var lines = Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        var properties = new Dictionary<string, Setting>(StringComparer.Ordinal);
        var (logical, number) = ("", 0);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimStart(Blanks);
            if (logical.Length == 0)
            {
                if (line.Length == 0 || line[0] is '#' or '!') continue;
                number = i + 1;
            }

            var goesOn = GoesOn(line);
            logical += goesOn ? line[..^1] : line;
            if (goesOn && i + 1 < lines.Length) continue;
            var (key, value) = Divide(logical);
            properties[Unescape(key, path, number)] = new Setting(Unescape(value, path, number), number);
            logical = "";
        }

        return properties;
    }

    /// <summary>Lines in the order given; ASCII, so that it is the same in whatever encoding it is read.</summary>
    public static byte[] Format(IEnumerable<KeyValuePair<string, string>> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        var text = new StringBuilder();
        foreach (var (key, value) in properties)
        {
            Escape(key, isKey: true, text);
            text.Append('=');
            Escape(value, isKey: false, text);
            text.Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static bool GoesOn(string line)
    {
        var backslashes = 0;
        while (backslashes < line.Length && line[^(backslashes + 1)] == '\\') backslashes++;
        return backslashes % 2 == 1;
    }

    private static (string Key, string Value) Divide(string line)
    {
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t' or '\f')) end += line[end] == '\\' ? 2 : 1;
        end = Math.Min(end, line.Length);
        var rest = line[end..].TrimStart(Blanks);
        if (rest.Length > 0 && rest[0] is '=' or ':') rest = rest[1..].TrimStart(Blanks);
        return (line[..end], rest);
    }

    private static string Unescape(string text, string path, int line)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        Span<byte> code = stackalloc byte[2];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || ++i == text.Length)
            {
                if (i < text.Length) plain.Append(text[i]);
                continue;
            }

            if (text[i] != 'u')
            {
                plain.Append(text[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', var other => other });
                continue;
            }

            var digits = text.AsSpan(i + 1, Math.Min(4, text.Length - i - 1));
            // Convert, because .NET's parser passes over zero characters at the end.
            if (digits.Length < 4 || Convert.FromHexString(digits, code, out _, out _) != OperationStatus.Done)
                throw DamagedFileException.AtLine(path, line, "four hexadecimal digits behind \\u", digits.ToString(), Advice);
            plain.Append((char)(code[0] << 8 | code[1]));
            i += 4;
        }

        return plain.ToString();
    }

    private static void Escape(string text, bool isKey, StringBuilder escaped)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            _ = character switch
            {
                '\t' => escaped.Append("\\t"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\f' => escaped.Append("\\f"),
                ' ' when !isKey && i > 0 => escaped.Append(' '),
                ' ' or '\\' or '=' or ':' or '#' or '!' => escaped.Append('\\').Append(character),
                < ' ' or > '~' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
                _ => escaped.Append(character),
            };
        }
    }

    /// <summary>A value, and the line its key stands in.</summary>
    public readonly record struct Setting(string Value, int Line);
}
