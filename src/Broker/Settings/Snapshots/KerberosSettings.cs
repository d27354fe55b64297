using Moldau.Broker.Security.Jaas;
using Moldau.Broker.Security.Sasl.Kerberos;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What GSSAPI needs at one listener.</summary>
internal sealed class KerberosSettings
{
    /// <summary>A file with the keys of our own principals.</summary>
    public required string Keytab { get; init; }

    /// <summary>Of our own principal.</summary>
    public required string Realm { get; init; }

    public required LocalNameRules Rules { get; init; }

    /// <returns>Null with what is wrong where it is not enough.</returns>
    public static KerberosSettings? Of(SettingValues values, JaasEntry? jaas, out string? fault)
    {
        fault = null;
        var principal = jaas?.Options.GetValueOrDefault("principal") ?? "";
        var keytab = jaas?.Options.GetValueOrDefault("keyTab") ?? "";
        var at = principal.LastIndexOf('@');
        if (jaas is null) fault = "names no Krb5LoginModule";
        else if (keytab.Length == 0) fault = "names no keyTab";
        else if (at < 1 || at == principal.Length - 1) fault = "names no principal with its realm, as in kafka/host@REALM";
        var rules = LocalNameRules.Read(values.List("sasl.kerberos.principal.to.local.rules"), out var bad);
        fault ??= bad;
        return fault is null ? new KerberosSettings { Keytab = keytab.StartsWith("file:", StringComparison.Ordinal) ? keytab["file:".Length..] : keytab, Realm = principal[(at + 1)..], Rules = rules! } : null;
    }
}
