using System.Net.Security;

namespace Moldau.Broker.Security.Tls;

/// <summary>Cipher suites by the names the standard has for them, which are Java's, or by OpenSSL's.</summary>
internal static class CipherSuiteNames
{
    private static readonly string[] KeyExchanges = ["ECDHE", "DHE", "ECDH", "DH", "PSK", "RSA", "ECDSA", "DSS"];

    /// <summary>Null where there is no such suite.</summary>
    public static TlsCipherSuite? Find(string name)
    {
        // A number would be taken for a suite, too.
        if (name.Length == 0 || !char.IsAsciiLetter(name[0])) return null;
        if (Enum.TryParse<TlsCipherSuite>(name, out var suite)) return suite;
        return Enum.TryParse(OfOpenSsl(name), out suite) ? suite : null;
    }

    /// <summary>ECDHE-RSA-AES128-GCM-SHA256 is TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: what is left out there is RSA, CBC and SHA256.</summary>
    private static string OfOpenSsl(string name)
    {
        var parts = name.Split('-');
        var exchange = parts.TakeWhile(static part => KeyExchanges.Contains(part)).ToArray();
        var cipher = parts[exchange.Length..];
        if (cipher.Length == 0) return "";
        if (cipher[0].StartsWith("AES", StringComparison.Ordinal) && cipher[0].Length > 3)
        {
            var hasMode = cipher.Length > 1 && cipher[1] is "GCM" or "CCM" or "CCM8" or "CBC";
            cipher = [$"AES_{cipher[0][3..]}", .. hasMode ? [] : (string[])["CBC"], .. cipher[1..]];
            cipher = [.. cipher.Select(static part => part == "CCM8" ? "CCM_8" : part)];
        }
        else if (cipher is ["CHACHA20", "POLY1305"])
        {
            cipher = ["CHACHA20", "POLY1305", "SHA256"];
        }

        return $"TLS_{(exchange.Length == 0 ? "RSA" : string.Join('_', exchange))}_WITH_{string.Join('_', cipher)}";
    }
}
