namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Where the broker listens, and what it tells others to connect to.</summary>
public sealed record ListenerSettings
{
    public required IReadOnlyList<Listener> Listeners { get; init; }

    /// <summary>What clients are told, by listener. An empty host or port 0 stands for what the socket turned out to have.</summary>
    public required IReadOnlyList<Listener> Advertised { get; init; }

    /// <summary>The listener other nodes would use; null where none was named.</summary>
    public required string? BetweenNodes { get; init; }

    /// <summary>Whether clients of other machines may stay unknown.</summary>
    public required bool AllowsAnonymous { get; init; }

    /// <summary>How long a TLS handshake may take.</summary>
    public required int HandshakeMilliseconds { get; init; }

    internal static ListenerSettings Of(SettingValues values)
    {
        var protocols = ListenerParser.Protocols(values.Text("listener.security.protocol.map")).Map;
        var controllers = values.List("controller.listener.names").Select(static name => name.ToUpperInvariant()).ToHashSet();
        var listeners = Read(values.List("listeners"), protocols, controllers);
        var advertised = values.OptionalList("advertised.listeners") is { } told ? Read(told, protocols, controllers) : listeners;
        return new ListenerSettings
        {
            Listeners = listeners,
            Advertised = advertised,
            BetweenNodes = values.OptionalText("inter.broker.listener.name"),
            AllowsAnonymous = values.Truth("moldau.allow.anonymous"),
            HandshakeMilliseconds = values.Int("moldau.ssl.handshake.timeout.ms"),
        };
    }

    private static List<Listener> Read(IReadOnlyList<string> texts, IReadOnlyDictionary<string, string> protocols, HashSet<string> controllers)
    {
        var listeners = new List<Listener>(texts.Count);
        foreach (var text in texts)
        {
            var fault = ListenerParser.Parse(text, protocols, controllers, out var listener);
            if (listener is null) throw new InvalidOperationException(fault);
            // Kafka's file for one combined node names its controller's listener too, and nobody listens there.
            if (!controllers.Contains(listener.Name)) listeners.Add(listener);
        }

        return listeners;
    }
}
