using System.Globalization;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Reads <c>NAME://HOST:PORT</c>, and which protocol a listener's name stands for.</summary>
internal static class ListenerParser
{
    private static readonly string[] KnownProtocols = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

    /// <param name="text">One of <c>listeners</c>; without a name it is PLAINTEXT's.</param>
    /// <param name="protocols">By listener's name.</param>
    /// <param name="controllers">Names of listeners that stand for none: Kafka's controllers have theirs, and there are none here.</param>
    /// <param name="listener">What it says; null where it says nothing right.</param>
    /// <returns>What is wrong, as the end of a sentence.</returns>
    public static string? Parse(string text, IReadOnlyDictionary<string, string> protocols, IReadOnlySet<string> controllers, out Listener? listener)
    {
        listener = null;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var name = scheme < 0 ? "PLAINTEXT" : text[..scheme].ToUpperInvariant();
        var address = scheme < 0 ? text : text[(scheme + 3)..];
        if (name.Length == 0 || address.EndsWith('/')) return $"'{text}' is no NAME://HOST:PORT";
        var colon = address.LastIndexOf(':');
        if (colon < 0 || address.AsSpan(colon).Contains(']')) return $"'{text}' has no port: it takes NAME://HOST:PORT";
        if (!ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return $"'{address[(colon + 1)..]}' in '{text}' is no port: it takes a number from 0 to 65535";
        var host = address[..colon];
        if (host is ['[', .., ']']) host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal)) return $"'{text}' has a host with colons: put an IPv6 address into brackets, as in {name}://[{host}]:{port}";
        if (!protocols.TryGetValue(name, out var protocol) && !controllers.Contains(name))
            return $"'{name}' in '{text}' stands for no protocol: name it in listener.security.protocol.map, as in {name}:PLAINTEXT";
        listener = new Listener(name, host, port, protocol ?? "PLAINTEXT");
        return null;
    }

    /// <summary>Which protocol each name stands for, and what is wrong with the text.</summary>
    public static (IReadOnlyDictionary<string, string> Map, string? Fault) Protocols(string text)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        string? fault = null;
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            var protocol = pair[(colon + 1)..].Trim().ToUpperInvariant();
            if (colon < 1) fault ??= $"'{pair}' is no NAME:PROTOCOL";
            else if (!KnownProtocols.Contains(protocol)) fault ??= $"'{protocol}' in '{pair}' is no protocol: there are {string.Join(", ", KnownProtocols)}";
            else if (!map.TryAdd(pair[..colon].Trim().ToUpperInvariant(), protocol)) fault ??= $"'{pair[..colon].Trim()}' is there twice";
        }

        return (map, fault);
    }
}
