using System.Globalization;

namespace Moldau.Client.Connections;

/// <summary>Where a broker listens.</summary>
internal readonly record struct BrokerAddress(string Host, int Port)
{
    private const int DefaultPort = 9092;

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>Reads <c>host:port,host:port</c>; an IPv6 address stands in brackets.</summary>
    /// <exception cref="ArgumentException">It is not that.</exception>
    public static IReadOnlyList<BrokerAddress> ParseAll(string list)
    {
        var addresses = new List<BrokerAddress>();
        foreach (var part in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) addresses.Add(Parse(part));
        return addresses.Count > 0 ? addresses : throw new ArgumentException($"no broker in '{list}'; it takes host:port, several with commas between");
    }

    private static BrokerAddress Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var isBare = colon < 0 || text.EndsWith(']');
        var port = DefaultPort;
        if (!isBare && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > ushort.MaxValue))
            throw new ArgumentException($"'{text}' is no broker's address: '{text[(colon + 1)..]}' is no port; it takes host:port");
        var host = (isBare ? text : text[..colon]).Trim('[', ']');
        return host.Length > 0 ? new BrokerAddress(host, port) : throw new ArgumentException($"'{text}' is no broker's address: it has no host; it takes host:port");
    }
}
