namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What a listener asks for.</summary>
internal sealed class SaslListenerSettings
{
    /// <summary>By mechanism, in the order in which they are told.</summary>
    public required IReadOnlyList<SaslMechanismSettings> Mechanisms { get; init; }

    /// <summary>A frame before it is known who speaks.</summary>
    public required int MaxReceiveBytes { get; init; }

    public SaslMechanismSettings? Find(string mechanism)
    {
        foreach (var one in Mechanisms)
        {
            if (one.Name == mechanism) return one;
        }

        return null;
    }

    public static SaslListenerSettings Of(SettingLayers layers, string listener)
    {
        var values = SettingValues.OfListener(layers, listener);
        return new SaslListenerSettings
        {
            Mechanisms = [.. values.List("sasl.enabled.mechanisms").Select(mechanism => SaslMechanismSettings.Of(layers, listener, mechanism))],
            MaxReceiveBytes = values.Int("sasl.server.max.receive.size"),
        };
    }
}
