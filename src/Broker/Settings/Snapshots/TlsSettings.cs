namespace Moldau.Broker.Settings.Snapshots;

/// <summary>How a listener speaks TLS, as its settings have it, before any file is read.</summary>
public sealed record TlsSettings
{
    /// <summary>Between commas.</summary>
    public required string Protocols { get; init; }

    /// <summary>Between commas; empty for those the system prefers.</summary>
    public required string CipherSuites { get; init; }

    public required TlsClientAuth ClientAuth { get; init; }

    public required string PrincipalRules { get; init; }

    public required TlsStoreSettings KeyStore { get; init; }

    public required TlsStoreSettings TrustStore { get; init; }

    public override string ToString() => $"{Protocols}, key {KeyStore}";

    internal static TlsSettings Of(SettingValues values) => new()
    {
        Protocols = string.Join(',', values.List("ssl.enabled.protocols")),
        CipherSuites = string.Join(',', values.List("ssl.cipher.suites")),
        ClientAuth = values.Text("ssl.client.auth") switch
        {
            "required" => TlsClientAuth.Required,
            "requested" => TlsClientAuth.Requested,
            _ => TlsClientAuth.None,
        },
        PrincipalRules = values.Text("ssl.principal.mapping.rules"),
        KeyStore = new TlsStoreSettings(
            Given(values, "ssl.keystore.location"), values.OptionalText("ssl.keystore.password"), Given(values, "ssl.keystore.certificate.chain"), Given(values, "ssl.keystore.key"),
            values.OptionalText("ssl.key.password")),
        TrustStore = new TlsStoreSettings(Given(values, "ssl.truststore.location"), values.OptionalText("ssl.truststore.password"), Given(values, "ssl.truststore.certificates"), null, null),
    };

    private static string? Given(SettingValues values, string name) => values.OptionalText(name) is { Length: > 0 } text ? text : null;
}
