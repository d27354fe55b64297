using Moldau.Broker.Security.Jaas;
using Moldau.Broker.Security.Sasl;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Settings;

/// <summary>What listeners that authenticate must be told. No fault holds a secret.</summary>
internal static class SaslRules
{
    public static IEnumerable<(string Name, string Fault)> Faults(SettingLayers layers, IEnumerable<Listener> listeners)
    {
        foreach (var listener in listeners)
        {
            if (!SaslSettings.IsAsking(listener.Protocol)) continue;
            var own = ListenerSetting.Name(listener.Name, "sasl.enabled.mechanisms");
            var setting = layers.FindSet(own) is null ? "sasl.enabled.mechanisms" : own;
            var mechanisms = SettingValues.OfListener(layers, listener.Name).List("sasl.enabled.mechanisms");
            if (mechanisms.Count == 0) yield return (setting, $"{setting} is empty, and nobody could enter through {listener.Name}: it takes some of {string.Join(", ", SaslNames.All)}");
            foreach (var mechanism in mechanisms)
            {
                if (!SaslNames.All.Contains(mechanism))
                    yield return (setting, $"{setting} has '{mechanism}' for listener {listener.Name}, which this build does not speak: it takes some of {string.Join(", ", SaslNames.All)}");
                else if (Fault(layers, listener.Name, mechanism) is { } fault)
                    yield return fault;
            }
        }
    }

    private static (string, string)? Fault(SettingLayers layers, string listener, string mechanism)
    {
        const string jaas = "sasl.jaas.config";
        var (own, module) = (ListenerSetting.Name(listener, mechanism, jaas), SaslNames.Module(mechanism));
        var setting = layers.FindSet(own) is null ? jaas : own;
        JaasEntry? entry = null;
        if (SettingValues.OfListener(layers, listener, mechanism).OptionalText(jaas) is { } text)
        {
            try
            {
                entry = JaasReader.Read(text);
            }
            catch (JaasException fault)
            {
                return (setting, $"{setting} cannot be read: {fault.Message}");
            }
        }

        if (entry is not null && entry.ShortModule != module && setting == own) return (setting, $"{setting} names {entry.ShortModule}, and {mechanism} takes {module}");
        if (mechanism != SaslNames.Plain) return null;
        return entry is null || entry.ShortModule != module
            ? (own, $"{own} is missing: PLAIN at listener {listener} needs its users, as in org.apache.kafka.common.security.plain.PlainLoginModule required user_alice=\"…\";") : null;
    }
}
