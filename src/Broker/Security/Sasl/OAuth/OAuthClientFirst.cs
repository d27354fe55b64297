using System.Text;

namespace Moldau.Broker.Security.Sasl.OAuth;

/// <summary>A client's message (RFC 7628, section 3.1): <c>n,a=NAME,</c>, then pairs between bytes of one, one of them <c>auth=Bearer TOKEN</c>.</summary>
/// <param name="AsWhom">Empty where it is himself.</param>
internal sealed record OAuthClientFirst(string AsWhom, string Token)
{
    private const char Separator = '\u0001';
    private const string Scheme = "bearer";

    /// <returns>Null where it is none.</returns>
    public static OAuthClientFirst? Read(ReadOnlySpan<byte> message)
    {
        var text = Encoding.UTF8.GetString(message);
        var end = text.IndexOf(Separator, StringComparison.Ordinal);
        if (end < 0 || end >= text.Length - 2 || !text.EndsWith("\u0001\u0001", StringComparison.Ordinal)) return null;
        if (AsWhomOf(text[..end]) is not { } asWhom) return null;
        string? token = null;
        foreach (var pair in text[(end + 1)..^2].Split(Separator))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !IsName(pair.AsSpan(0, equals))) return null;
            if (pair[..equals] != "auth") continue;
            if (token is not null || TokenOf(pair[(equals + 1)..]) is not { } found) return null;
            token = found;
        }

        return token is null ? null : new OAuthClientFirst(asWhom, token);
    }

    private static string? AsWhomOf(string header)
    {
        if (!header.StartsWith("n,", StringComparison.Ordinal) || !header.EndsWith(',')) return null;
        if (header.Length == 2) return "";
        var name = header[2..^1];
        return name.Length == 0 ? "" : name.StartsWith("a=", StringComparison.Ordinal) && name.Length > 2 && !name.Contains(',', StringComparison.Ordinal)
            ? name[2..].Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal) : null;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetter(letter)) return false;
        }

        return true;
    }

    private static string? TokenOf(string value)
    {
        var blank = value.IndexOf(' ', StringComparison.Ordinal);
        return blank > 0 && value.AsSpan(0, blank).Equals(Scheme, StringComparison.OrdinalIgnoreCase) && value[(blank + 1)..].Trim(' ') is { Length: > 0 } token ? token : null;
    }
}
