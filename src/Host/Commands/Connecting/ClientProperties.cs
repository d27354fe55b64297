using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Moldau.Broker.Security.Certificates;
using Moldau.Broker.Security.Jaas;
using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Start;
using Moldau.Client;
using Moldau.Client.Security;

namespace Moldau.Host.Commands.Connecting;

/// <summary>
/// How a verb enters a cluster, from a file as Kafka's tools take with <c>--command-config</c>; where librdkafka calls a
/// thing otherwise, its name does too. A name about security that is not known is refused: whoever wrote it relies on it.
/// </summary>
internal sealed class ClientProperties
{
    private static readonly string[] Known =
    [
        "bootstrap.servers", "client.id", "security.protocol", "sasl.mechanism", "sasl.mechanisms", "sasl.jaas.config", "sasl.username", "sasl.password",
        "sasl.oauthbearer.token", "sasl.kerberos.service.name", "ssl.truststore.location", "ssl.truststore.password", "ssl.truststore.certificates", "ssl.truststore.type", "ssl.ca.location",
        "ssl.keystore.location", "ssl.keystore.password", "ssl.keystore.key", "ssl.keystore.certificate.chain", "ssl.keystore.type", "ssl.key.password",
        "ssl.endpoint.identification.algorithm",
    ];

    private readonly Dictionary<string, (string Value, int Line)> _values = new(StringComparer.Ordinal);
    private readonly string _file;

    private ClientProperties(string file) => _file = file;

    /// <summary>Names in the file that a verb has no use for.</summary>
    public IReadOnlyList<string> Unused => [.. _values.Keys.Where(static name => !Known.Contains(name))];

    /// <exception cref="MisuseException">It cannot be read, or says what is not known.</exception>
    public static ClientProperties Read(string file)
    {
        var properties = new ClientProperties(file);
        string text;
        try
        {
            text = PropertiesReader.Decode(File.ReadAllBytes(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"{file} cannot be read: {failure.Message}");
        }

        foreach (var (line, fault) in PropertiesReader.Read(text, (name, value, line) => properties._values[name] = (value, line)))
            throw new MisuseException($"{file}:{line}: {fault}");
        foreach (var (name, (_, line)) in properties._values)
        {
            if (Known.Contains(name) || !(name.StartsWith("ssl.", StringComparison.Ordinal) || name.StartsWith("sasl.", StringComparison.Ordinal) || name.StartsWith("security.", StringComparison.Ordinal))) continue;
            throw new MisuseException($"{file}:{line}: {name} is not known here{(NearestName.Find(name, Known) is { } nearest ? $"; did you mean {nearest}?" : $"; what is: {string.Join(", ", Known)}")}");
        }

        return properties;
    }

    public string? Find(string name) => _values.TryGetValue(name, out var found) && found.Value.Length > 0 ? found.Value : null;

    /// <exception cref="MisuseException">What is said does not fit together.</exception>
    public KafkaClientOptions Apply(KafkaClientOptions options)
    {
        var protocol = (Find("security.protocol") ?? "PLAINTEXT").ToUpperInvariant();
        if (protocol is not ("PLAINTEXT" or "SSL" or "SASL_PLAINTEXT" or "SASL_SSL")) throw Wrong("security.protocol", "takes PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL");
        return options with
        {
            ClientId = Find("client.id") ?? options.ClientId,
            Tls = protocol.EndsWith("SSL", StringComparison.Ordinal) ? Tls() : null,
            Sasl = protocol.StartsWith("SASL", StringComparison.Ordinal) ? Sasl() : null,
        };
    }

    private SaslCredentials Sasl()
    {
        var name = Find("sasl.mechanism") is null && Find("sasl.mechanisms") is not null ? "sasl.mechanisms" : "sasl.mechanism";
        var login = Login();
        string User() => Find("sasl.username") ?? login.GetValueOrDefault("username") ?? throw Missing("sasl.jaas.config with username=\"...\"");
        string Password() => Find("sasl.password") ?? login.GetValueOrDefault("password") ?? throw Missing("sasl.jaas.config with password=\"...\"");
        var isToken = login.GetValueOrDefault("tokenauth") == "true";
        return Find(name) switch
        {
            "PLAIN" => new PlainCredentials(User(), Password()),
            "SCRAM-SHA-256" => ScramCredentials.Sha256(User(), Password(), isToken),
            "SCRAM-SHA-512" => ScramCredentials.Sha512(User(), Password(), isToken),
            "OAUTHBEARER" => Bearer(Find("sasl.oauthbearer.token") ?? throw Missing("sasl.oauthbearer.token")),
            // Whose ticket it is, the machine's cache or client keytab says.
            "GSSAPI" => new KerberosCredentials { ServiceName = Find("sasl.kerberos.service.name") ?? login.GetValueOrDefault("serviceName") ?? "kafka" },
            null => throw Missing("sasl.mechanism"),
            _ => throw Wrong(name, "takes PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or GSSAPI here"),
        };
    }

    private IReadOnlyDictionary<string, string> Login()
    {
        try
        {
            return Find("sasl.jaas.config") is { } text ? JaasReader.Read(text).Options : new Dictionary<string, string>();
        }
        catch (JaasException fault)
        {
            throw new MisuseException($"{Place("sasl.jaas.config")}: {fault.Message}");
        }
    }

    private static OAuthBearerCredentials Bearer(string token) => new(_ => ValueTask.FromResult(new BearerToken(token)));

    private TlsOptions Tls()
    {
        try
        {
            return new TlsOptions
            {
                Trusted = Trusted(),
                Certificate = Own() is { } own ? SslStreamCertificateContext.Create(own.Own, own.Chain, offline: true) : null,
                // An empty value turns the check off, as with Kafka.
                VerifiesHostName = !_values.TryGetValue("ssl.endpoint.identification.algorithm", out var algorithm) || algorithm.Value is not ("" or "none"),
            };
        }
        catch (Exception failure) when (failure is StoreException or IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"{_file}: {failure.Message}");
        }
    }

    private X509Certificate2Collection? Trusted()
    {
        foreach (var name in (string[])["ssl.truststore.location", "ssl.ca.location"])
        {
            if (Find(name) is { } path) return StoreReader.ReadCertificates(File.ReadAllBytes(path), $"{name} {path}", Find("ssl.truststore.password"));
        }

        return Find("ssl.truststore.certificates") is { } pem ? StoreReader.ReadCertificates(Encoding.UTF8.GetBytes(pem), "ssl.truststore.certificates", null) : null;
    }

    private KeyMaterial? Own()
    {
        var (password, keyPassword) = (Find("ssl.keystore.password"), Find("ssl.key.password"));
        if (Find("ssl.keystore.location") is { } path) return StoreReader.ReadKey(File.ReadAllBytes(path), $"ssl.keystore.location {path}", password, keyPassword);
        if (Find("ssl.keystore.certificate.chain") is not { } chain) return null;
        var key = Find("ssl.keystore.key") ?? throw Missing("ssl.keystore.key");
        return StoreReader.ReadKey(Encoding.UTF8.GetBytes($"{chain}\n{key}"), "ssl.keystore.certificate.chain", null, keyPassword);
    }

    private string Place(string name) => _values.TryGetValue(name, out var found) ? $"{_file}:{found.Line}: {name}" : $"{_file}: {name}";

    private MisuseException Wrong(string name, string what) => new($"{Place(name)} {what}, not '{Find(name)}'");

    private MisuseException Missing(string name) => new($"{_file}: {name} is missing");
}
