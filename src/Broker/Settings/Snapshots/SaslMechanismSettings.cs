using Moldau.Broker.Security.Jaas;
using Moldau.Broker.Security.Sasl;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What is set for one mechanism at one listener.</summary>
internal sealed class SaslMechanismSettings
{
    public required string Name { get; init; }

    /// <summary>The login module that is the mechanism's; null where none was named, or another's.</summary>
    public required JaasEntry? Jaas { get; init; }

    /// <summary>0 for a session without an end.</summary>
    public required long MaxReauthMilliseconds { get; init; }

    public required OAuthSettings OAuth { get; init; }

    /// <summary>Of GSSAPI; null where it is another mechanism, or is not told enough.</summary>
    public required KerberosSettings? Kerberos { get; init; }

    public static SaslMechanismSettings Of(SettingLayers layers, string listener, string mechanism)
    {
        var values = SettingValues.OfListener(layers, listener, mechanism);
        var jaas = JaasOf(values.OptionalText("sasl.jaas.config"), mechanism);
        return new SaslMechanismSettings
        {
            Name = mechanism,
            Jaas = jaas,
            Kerberos = mechanism == SaslNames.Gssapi ? KerberosSettings.Of(values, jaas, out _) : null,
            OAuth = OAuthSettings.Of(values),
            MaxReauthMilliseconds = values.Long("connections.max.reauth.ms"),
        };
    }

    private static JaasEntry? JaasOf(string? text, string mechanism)
    {
        if (text is null) return null;
        try
        {
            return JaasReader.Read(text) is var entry && entry.ShortModule == SaslNames.Module(mechanism) ? entry : null;
        }
        catch (JaasException)
        {
            // SaslRules has told of it, or another build has stored it.
            return null;
        }
    }
}
