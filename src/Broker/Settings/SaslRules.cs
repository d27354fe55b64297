using Moldau.Broker.Security.Jaas;
using Moldau.Broker.Security.Sasl;
using Moldau.Broker.Security.Seams;
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

    private static (string, string)? KerberosFault(SettingLayers layers, string listener, JaasEntry? entry)
    {
        var own = ListenerSetting.Name(listener, SaslNames.Gssapi, "sasl.jaas.config");
        if (SystemKeytab.Missing is { } missing) return (own, $"listener {listener} is to speak GSSAPI, and {missing}");
        var jaas = entry?.ShortModule == SaslNames.Module(SaslNames.Gssapi) ? entry : null;
        return KerberosSettings.Of(SettingValues.OfListener(layers, listener, SaslNames.Gssapi), jaas, out var fault) is null
            ? (own, $"{own} {fault}: GSSAPI needs com.sun.security.auth.module.Krb5LoginModule required keyTab=\"/etc/kafka.keytab\" principal=\"kafka/host@REALM\";") : null;
    }

    /// <summary>Tokens that nobody has signed are never taken, so there must be keys.</summary>
    private static (string, string)? OAuthFault(SettingLayers layers, string listener)
    {
        const string place = "sasl.oauthbearer.jwks.endpoint.url";
        var own = ListenerSetting.Name(listener, SaslNames.OAuthBearer, place);
        var url = SettingValues.OfListener(layers, listener, SaslNames.OAuthBearer).OptionalText(place);
        if (url is null or "") return (own, $"{own} is missing: OAUTHBEARER at listener {listener} needs the keys that tokens are signed with, as in https://issuer/keys or file:///etc/keys.json");
        return Uri.TryCreate(url, UriKind.Absolute, out var where) && KeySourceSettings.Schemes.Contains(where.Scheme)
            ? null : (own, $"'{url}' is no place of keys for listener {listener}: {place} takes a URL that begins with {string.Join(":, ", KeySourceSettings.Schemes)}:");
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
        if (mechanism == SaslNames.Gssapi) return KerberosFault(layers, listener, entry);
        if (mechanism == SaslNames.OAuthBearer) return OAuthFault(layers, listener);
        if (mechanism != SaslNames.Plain) return null;
        return entry is null || entry.ShortModule != module
            ? (own, $"{own} is missing: PLAIN at listener {listener} needs its users, as in org.apache.kafka.common.security.plain.PlainLoginModule required user_alice=\"…\";") : null;
    }
}
