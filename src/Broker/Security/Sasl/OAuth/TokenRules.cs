using System.Text.Json;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Security.Sasl.OAuth;

/// <summary>What the claims of a token must say (RFC 7519, section 4.1), once it is known who has signed them.</summary>
internal static class TokenRules
{
    /// <summary>Far enough for any token, near enough to compute with.</summary>
    private const double LastSecond = 253_402_300_799;

    /// <param name="now">In milliseconds since 1970.</param>
    /// <exception cref="TokenException">They say something else.</exception>
    public static SaslIdentity Check(JsonElement claims, OAuthSettings settings, long now)
    {
        var skew = settings.ClockSkewSeconds * 1000L;
        var expires = Time(claims, "exp") ?? throw new TokenException("a token that never ends (exp)");
        if (expires + skew <= now) throw new TokenException("a token that has expired (exp)");
        var issued = Time(claims, "iat") ?? throw new TokenException("a token that does not say since when it is (iat)");
        if (issued > now + skew) throw new TokenException("a token of later than now (iat)");
        if (issued > expires) throw new TokenException("a token that ends before it begins (iat, exp)");
        if (Time(claims, "nbf") is { } begins && begins > now + skew) throw new TokenException("a token that does not count yet (nbf)");
        if (settings.Issuer is { } issuer && WebToken.Text(claims, "iss") != issuer) throw new TokenException("a token of another issuer (iss)");
        CheckAudience(claims, settings.Audience);
        CheckScope(claims, settings.ScopeClaim);
        var subject = WebToken.Text(claims, settings.SubjectClaim);
        return string.IsNullOrWhiteSpace(subject) ? throw new TokenException($"a token that names nobody ({settings.SubjectClaim})") : new SaslIdentity(subject, expires);
    }

    private static void CheckAudience(JsonElement claims, IReadOnlyList<string> expected)
    {
        if (!claims.TryGetProperty("aud", out var audience))
        {
            if (expected.Count > 0) throw new TokenException("a token that says not for whom it is (aud)");
            return;
        }

        foreach (var one in Texts(audience, "aud"))
        {
            if (expected.Contains(one)) return;
        }

        throw new TokenException(expected.Count > 0 ? "a token for others (aud)" : "a token for somebody, and sasl.oauthbearer.expected.audience names nobody (aud)");
    }

    private static void CheckScope(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var scope)) return;
        foreach (var one in Texts(scope, name))
        {
            if (string.IsNullOrWhiteSpace(one)) throw new TokenException($"a token with an empty scope ({name})");
        }
    }

    private static List<string> Texts(JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array) throw new TokenException($"a token whose {name} is neither a text nor a list of them");
        var texts = new List<string>(value.GetArrayLength());
        foreach (var one in value.EnumerateArray())
            texts.Add(one.ValueKind == JsonValueKind.String ? one.GetString()! : throw new TokenException($"a token whose {name} has something else than texts"));
        return texts;
    }

    /// <returns>Milliseconds since 1970; null where the claim is not there.</returns>
    private static long? Time(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastSecond
            ? (long)(seconds * 1000) : throw new TokenException($"a token whose {name} is no time");
    }
}
