using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Producing;
using Moldau.Client.Security;

namespace Moldau.Extensions.Hosting.Configuration;

/// <summary>What was read so far. What belongs together, such as a mechanism and its password, is put together at the end.</summary>
internal sealed class SettingDraft(KafkaOptions options)
{
    private readonly Dictionary<string, SettingValue> _security = new(StringComparer.Ordinal);

    public KafkaClientOptions Client
    {
        get => options.Client;
        set => options.Client = value;
    }

    public ProducerOptions Producer
    {
        get => options.Producer;
        set => options.Producer = value;
    }

    public ConsumerOptions Consumer
    {
        get => options.Consumer;
        set => options.Consumer = value;
    }

    public GroupOptions Group
    {
        get => Consumer.Group;
        set => Consumer = Consumer with { Group = value };
    }

    /// <summary>Keeps a part of what secures connections for later.</summary>
    public void Keep(string name, SettingValue value) => _security[name] = value;

    /// <exception cref="SettingException">What is said does not fit together.</exception>
    public void Finish()
    {
        if (_security.Count == 0) return;
        if (Find("security.protocol") is not { } protocol)
        {
            var first = _security.Values.First();
            throw new SettingException($"{first.Path} is said and security.protocol is not; it takes SSL, SASL_PLAINTEXT or SASL_SSL");
        }

        var (tls, sasl) = protocol.Choice(("PLAINTEXT", (false, false)), ("SSL", (true, false)), ("SASL_PLAINTEXT", (false, true)), ("SASL_SSL", (true, true)));
        Client = Client with { Tls = tls ? Tls() : null, Sasl = sasl ? Sasl() : null };
    }

    private SaslCredentials Sasl()
    {
        var mechanism = Find("sasl.mechanism") ?? throw Missing("sasl.mechanism");
        return mechanism.Choice<Func<SaslCredentials>>(
            ("PLAIN", () => new PlainCredentials(Need("sasl.username"), Need("sasl.password"))),
            ("SCRAM-SHA-256", () => ScramCredentials.Sha256(Need("sasl.username"), Need("sasl.password"))),
            ("SCRAM-SHA-512", () => ScramCredentials.Sha512(Need("sasl.username"), Need("sasl.password"))),
            ("GSSAPI", () => new KerberosCredentials { ServiceName = Find("sasl.kerberos.service.name")?.Text ?? "kafka" }),
            ("OAUTHBEARER", () => throw new SettingException($"{mechanism.Path} is OAUTHBEARER: its tokens come from code, by Configure(options => options.Client = options.Client with {{ Sasl = new OAuthBearerCredentials(...) }})")))();
    }

    private TlsOptions Tls()
    {
        try
        {
            return new TlsOptions
            {
                Trusted = Trusted(),
                Certificate = Own() is { } own ? SslStreamCertificateContext.Create(own, null, offline: true) : null,
                VerifiesHostName = Find("ssl.endpoint.identification.algorithm")?.Text is not ("" or "none" or "None"),
            };
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingException($"the certificates of {Find("security.protocol")!.Value.Path} cannot be read: {failure.Message}");
        }
    }

    private X509Certificate2Collection? Trusted()
    {
        var trusted = new X509Certificate2Collection();
        if (Find("ssl.ca.location") is { } path) trusted.ImportFromPemFile(path.Text);
        else if (Find("ssl.ca.pem") is { } pem) trusted.ImportFromPem(pem.Text);
        else return null;
        return trusted.Count > 0 ? trusted : throw new SettingException($"{(Find("ssl.ca.location") ?? Find("ssl.ca.pem"))!.Value.Path} holds no certificate in PEM");
    }

    private X509Certificate2? Own()
    {
        var password = Find("ssl.key.password")?.Text;
        if (Find("ssl.certificate.location") is { } certificate)
        {
            var key = Need("ssl.key.location");
            return password is null ? X509Certificate2.CreateFromPemFile(certificate.Text, key) : X509Certificate2.CreateFromEncryptedPemFile(certificate.Text, password, key);
        }

        if (Find("ssl.certificate.pem") is not { } text) return null;
        var keyText = Need("ssl.key.pem");
        return password is null ? X509Certificate2.CreateFromPem(text.Text, keyText) : X509Certificate2.CreateFromEncryptedPem(text.Text, keyText, password);
    }

    private SettingValue? Find(string name) => _security.TryGetValue(name, out var value) ? value : null;

    private string Need(string name) => Find(name)?.Text is { Length: > 0 } text ? text : throw Missing(name);

    private static SettingException Missing(string name) => new($"{name} is missing");
}
