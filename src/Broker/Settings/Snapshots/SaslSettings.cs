namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What is asked at listeners that authenticate.</summary>
internal sealed class SaslSettings
{
    /// <summary>By listener's name; those that do not authenticate are not in it.</summary>
    public required IReadOnlyDictionary<string, SaslListenerSettings> Listeners { get; init; }

    /// <summary>So long after a failure it is told.</summary>
    public required int FailureDelayMilliseconds { get; init; }

    public static SaslSettings Of(SettingLayers layers, ListenerSettings listeners)
    {
        var asking = new Dictionary<string, SaslListenerSettings>(StringComparer.Ordinal);
        foreach (var listener in listeners.Listeners)
        {
            if (IsAsking(listener.Protocol)) asking[listener.Name] = SaslListenerSettings.Of(layers, listener.Name);
        }

        return new SaslSettings { Listeners = asking, FailureDelayMilliseconds = SettingValues.Of(layers).Int("connection.failed.authentication.delay.ms") };
    }

    public static bool IsAsking(string protocol) => protocol.StartsWith("SASL_", StringComparison.Ordinal);
}
