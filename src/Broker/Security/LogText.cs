using System.Globalization;
using System.Text;

namespace Moldau.Broker.Security;

/// <summary>Names that others chose, for a line of a log: nothing in them ends the line, hides a part of it, or looks like its end.</summary>
internal static class LogText
{
    private const int Longest = 300;

    public static string Escape(string name)
    {
        var isPlain = name.Length is > 0 and <= Longest;
        foreach (var letter in name)
        {
            if (!IsPlain(letter)) isPlain = false;
        }

        if (isPlain) return name;
        var text = new StringBuilder("\"");
        foreach (var letter in name.AsSpan(0, Math.Min(name.Length, Longest)))
        {
            if (letter == ' ' || IsPlain(letter)) text.Append(letter);
            else text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        }

        return text.Append(name.Length > Longest ? "\"..." : "\"").ToString();
    }

    // A quote or a backslash would make the escapes ambiguous.
    private static bool IsPlain(char letter) => letter is > ' ' and < (char)127 and not ('"' or '\\') || char.IsLetterOrDigit(letter);
}
