namespace Moldau.Broker.Security.Sasl.Scram;

/// <summary>The first message of a client (RFC 5802, section 7): <c>n,a=…,n=NAME,r=NONCE,EXTENSIONS</c>.</summary>
/// <param name="Header">All before what is signed: channel binding, which is not offered, and as whom he wants to act.</param>
/// <param name="AsWhom">Empty where it is himself.</param>
/// <param name="Bare">What is signed.</param>
internal sealed record ScramClientFirst(string Header, string AsWhom, string Bare, string Name, string Nonce, bool IsByToken)
{
    private const string TokenExtension = "tokenauth=";

    /// <returns>Null where it is none.</returns>
    public static ScramClientFirst? Read(string message)
    {
        // y says that he could bind channels and thinks that we cannot, which is true.
        if (message.Length < 2 || message[0] is not ('n' or 'y') || message[1] != ',') return null;
        var end = message.IndexOf(',', 2);
        if (end < 0) return null;
        var asWhom = message[2..end];
        if (asWhom.Length > 0)
        {
            if (!asWhom.StartsWith("a=", StringComparison.Ordinal) || Unescaped(asWhom[2..]) is not { } whom) return null;
            asWhom = whom;
        }

        var bare = message[(end + 1)..];
        var parts = bare.Split(',');
        if (parts.Length < 2 || !parts[0].StartsWith("n=", StringComparison.Ordinal) || !parts[1].StartsWith("r=", StringComparison.Ordinal)) return null;
        if (Unescaped(parts[0][2..]) is not { Length: > 0 } name || !IsNonce(parts[1].AsSpan(2))) return null;
        return new ScramClientFirst(message[..(end + 1)], asWhom, bare, name, parts[1][2..], HasToken(parts));
    }

    internal static bool IsNonce(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (letter is < '!' or > '~' or ',') return false;
        }

        return text.Length > 0;
    }

    /// <summary>A comma is =2C in it, and an equals sign =3D; there is no other.</summary>
    private static string? Unescaped(string escaped)
    {
        for (var at = escaped.IndexOf('=', StringComparison.Ordinal); at >= 0; at = escaped.IndexOf('=', at + 1))
        {
            if (!escaped.AsSpan(at).StartsWith("=2C", StringComparison.Ordinal) && !escaped.AsSpan(at).StartsWith("=3D", StringComparison.Ordinal)) return null;
        }

        return escaped.Contains('\0', StringComparison.Ordinal) ? null : escaped.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
    }

    private static bool HasToken(string[] parts)
    {
        for (var i = 2; i < parts.Length; i++)
        {
            if (parts[i].StartsWith(TokenExtension, StringComparison.Ordinal)) return parts[i].AsSpan(TokenExtension.Length).Equals("true", StringComparison.OrdinalIgnoreCase);
        }

        return false;
    }
}
