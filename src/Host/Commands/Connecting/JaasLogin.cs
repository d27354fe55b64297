using System.Text;

namespace Moldau.Host.Commands.Connecting;

/// <summary>The options in a login line as Kafka's clients have it: <c>MODULE required username="..." password="...";</c>.</summary>
internal static class JaasLogin
{
    /// <exception cref="MisuseException">It is no such line.</exception>
    public static Dictionary<string, string> Parse(string? text, string place)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (text is null) return options;
        var rest = text.AsSpan().Trim();
        rest = Behind(Behind(rest));
        while (rest.Length > 0 && rest[0] != ';')
        {
            var equals = rest.IndexOf('=');
            if (equals <= 0) throw new MisuseException($"{place} does not read as MODULE required NAME=\"VALUE\" ...;");
            var name = rest[..equals].Trim().ToString();
            rest = rest[(equals + 1)..].TrimStart();
            options[name] = rest.Length > 0 && rest[0] == '"' ? Quoted(ref rest, place) : Bare(ref rest);
            rest = rest.TrimStart();
        }

        return options;
    }

    private static ReadOnlySpan<char> Behind(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(" \t\r\n");
        return end < 0 ? [] : text[end..].TrimStart();
    }

    private static string Bare(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(" \t\r\n;");
        var value = end < 0 ? rest : rest[..end];
        rest = rest[value.Length..];
        return value.ToString();
    }

    private static string Quoted(ref ReadOnlySpan<char> rest, string place)
    {
        var value = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                rest = rest[(i + 1)..];
                return value.ToString();
            }

            if (rest[i] == '\\' && i + 1 < rest.Length) i++;
            value.Append(rest[i]);
        }

        throw new MisuseException($"{place}: a quoted value does not end");
    }
}
