using System.Globalization;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>How many connections there may be, how long they live, what the system holds for them.</summary>
public sealed record ConnectionSettings
{
    public required int Max { get; init; }

    public required int MaxPerAddress { get; init; }

    /// <summary>By host name or address.</summary>
    public required IReadOnlyDictionary<string, int> MaxPerAddressOverrides { get; init; }

    /// <summary>A second.</summary>
    public required int MaxCreationRate { get; init; }

    /// <summary>A second, of the listeners that have one of their own; by the name in any case.</summary>
    public required IReadOnlyDictionary<string, int> ListenerCreationRates { get; init; }

    public required long IdleMilliseconds { get; init; }

    public required int ListenBacklog { get; init; }

    /// <summary>-1 for the system's own.</summary>
    public required int ReceiveBufferBytes { get; init; }

    /// <summary>-1 for the system's own.</summary>
    public required int SendBufferBytes { get; init; }

    internal static ConnectionSettings Of(SettingLayers layers, SettingValues values) => new()
    {
        Max = values.Int("max.connections"),
        MaxPerAddress = values.Int("max.connections.per.ip"),
        MaxPerAddressOverrides = ParseOverrides(values.Text("max.connections.per.ip.overrides")).Overrides,
        MaxCreationRate = values.Int("max.connection.creation.rate"),
        ListenerCreationRates = RatesOf(layers),
        IdleMilliseconds = values.Long("connections.max.idle.ms"),
        ListenBacklog = values.Int("socket.listen.backlog.size"),
        ReceiveBufferBytes = values.Int("socket.receive.buffer.bytes"),
        SendBufferBytes = values.Int("socket.send.buffer.bytes"),
    };

    private static Dictionary<string, int> RatesOf(SettingLayers layers)
    {
        var rates = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in layers.Start.Keys.Concat(layers.AllNodes.Keys).Concat(layers.Node.Keys))
        {
            if (ListenerSetting.Parse(name) is { Setting: "max.connection.creation.rate" } of && layers.Find(name) is int rate) rates[of.Listener] = rate;
        }

        return rates;
    }

    /// <summary>HOST:NUMBER pairs, and what is wrong with them.</summary>
    internal static (IReadOnlyDictionary<string, int> Overrides, string? Fault) ParseOverrides(string text)
    {
        var overrides = new Dictionary<string, int>(StringComparer.Ordinal);
        string? fault = null;
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = pair.LastIndexOf(':');
            if (colon > 0 && int.TryParse(pair.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) overrides[pair[..colon].Trim()] = number;
            else fault ??= $"'{pair}' is no HOST:NUMBER";
        }

        return (overrides, fault);
    }
}
