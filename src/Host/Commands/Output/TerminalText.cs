using System.Globalization;
using System.Text;

namespace Moldau.Host.Commands.Output;

/// <summary>What others have written, such as a record's key, in a terminal: on one line, and without what the terminal would obey.</summary>
internal static class TerminalText
{
    public static string Tame(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsWild(text[i])) return Tame(text, i);
        }

        return text;
    }

    private static string Tame(string text, int from)
    {
        var tame = new StringBuilder(text, 0, from, text.Length * 2);
        for (var i = from; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\r': tame.Append("\\r"); break;
                case '\n': tame.Append("\\n"); break;
                case '\t': tame.Append("\\t"); break;
                case var one when IsWild(one): tame.Append(CultureInfo.InvariantCulture, $"\\u{(int)one:x4}"); break;
                case var one: tame.Append(one); break;
            }
        }

        return tame.ToString();
    }

    /// <summary>Begins a command to the terminal, breaks the line, or turns the direction of what follows.</summary>
    private static bool IsWild(char one) => char.IsControl(one) || one is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
