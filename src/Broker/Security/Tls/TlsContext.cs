using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Moldau.Broker.Security.Certificates;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Security.Tls;

/// <summary>All that handshakes of a listener need, made once from its settings and files, and replaced as a whole.</summary>
internal sealed class TlsContext
{
    private readonly SslStreamCertificateContext _certificate;
    private readonly SslProtocols _protocols;
    private readonly CipherSuitesPolicy? _ciphers;
    private readonly X509Certificate2Collection? _trusted;

    private TlsContext(SslStreamCertificateContext certificate, SslProtocols protocols, CipherSuitesPolicy? ciphers, X509Certificate2Collection? trusted, TlsClientAuth clientAuth, PrincipalMapping mapping)
    {
        _certificate = certificate;
        _protocols = protocols;
        _ciphers = ciphers;
        _trusted = trusted;
        ClientAuth = clientAuth;
        Mapping = mapping;
    }

    public TlsClientAuth ClientAuth { get; }

    public PrincipalMapping Mapping { get; }

    /// <summary>What it shows of itself, for the log.</summary>
    public string Shows => $"{DistinguishedName.Text(_certificate.TargetCertificate.SubjectName.RawData)}, valid until {_certificate.TargetCertificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC";

    /// <exception cref="StoreException">Something of it is not possible.</exception>
    public static TlsContext Of(TlsSettings settings, TlsFiles files)
    {
        var protocols = Protocols(settings.Protocols);
        var ciphers = Ciphers(settings.CipherSuites);
        var mapping = PrincipalMapping.Parse(settings.PrincipalRules, out var fault) ?? throw new StoreException(fault!);
        var key = Key(settings.KeyStore, files.Key);
        var trusted = settings.ClientAuth == TlsClientAuth.None ? null : Trusted(settings.TrustStore, files.Trusted);
        // A client that has several certificates is told whose are taken, where the system can say so.
        var names = trusted is not null && OperatingSystem.IsLinux() ? SslCertificateTrust.CreateForX509Collection(trusted, sendTrustInHandshake: true) : null;
        // Offline: no certificate is fetched from anywhere while a broker starts.
        return new TlsContext(SslStreamCertificateContext.Create(key.Own, key.Chain, offline: true, names), protocols, ciphers, trusted, settings.ClientAuth, mapping);
    }

    /// <summary>For one handshake.</summary>
    /// <param name="check">Decides about the client's certificate.</param>
    public SslServerAuthenticationOptions Options(RemoteCertificateValidationCallback check)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _certificate,
            EnabledSslProtocols = _protocols,
            CipherSuitesPolicy = _ciphers,
            AllowRenegotiation = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (_trusted is null) return options;
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = check;
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(_trusted);
        return options;
    }

    private static KeyMaterial Key(TlsStoreSettings store, byte[]? file)
    {
        if (store.Location is { } path)
        {
            return store.Key is null && store.Certificates is null ? StoreReader.ReadKey(file!, path, store.Password, store.KeyPassword)
                : throw new StoreException("ssl.keystore.location names a file, and ssl.keystore.key or ssl.keystore.certificate.chain hold a key or certificates themselves: give one of both");
        }

        if (store.Key is null || store.Certificates is null)
        {
            throw new StoreException(store.Key is null && store.Certificates is null
                ? "there is no certificate: name a file of it with its key by ssl.keystore.location, or give both as PEM by ssl.keystore.key and ssl.keystore.certificate.chain"
                : $"there is {(store.Key is null ? "a certificate without its key: give it by ssl.keystore.key" : "a key without its certificate: give it by ssl.keystore.certificate.chain")}");
        }

        return StoreReader.ReadKey(Encoding.UTF8.GetBytes($"{store.Key}\n{store.Certificates}"), "ssl.keystore.key with ssl.keystore.certificate.chain", null, store.KeyPassword);
    }

    /// <summary>Java trusts whatever stands in its own list where there is no truststore: all who were ever certified by anybody would be let in.</summary>
    private static X509Certificate2Collection Trusted(TlsStoreSettings store, byte[]? file)
    {
        if (store.Location is { } path)
        {
            return store.Certificates is null ? Roots(StoreReader.ReadCertificates(file!, path, store.Password), path)
                : throw new StoreException("ssl.truststore.location names a file, and ssl.truststore.certificates holds certificates itself: give one of both");
        }

        if (store.Certificates is null)
            throw new StoreException("clients are asked for certificates by ssl.client.auth, and nobody said who may issue them: name a file of trusted certificates by ssl.truststore.location, or give them as PEM by ssl.truststore.certificates");
        const string Where = "ssl.truststore.certificates";
        return Roots(StoreReader.ReadCertificates(Encoding.UTF8.GetBytes(store.Certificates), Where, null), Where);
    }

    /// <summary>A chain is followed up to one that vouches for itself; others help to get there.</summary>
    private static X509Certificate2Collection Roots(X509Certificate2Collection found, string where) =>
        found.Any(static one => one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData)) ? found
        : throw new StoreException($"{where} has no certificate that is signed by itself, so that no chain could end there: add the one at the top, {DistinguishedName.Text(found[0].IssuerName.RawData)} or above");

    [SuppressMessage("Security", "CA5398", Justification = "Which versions are spoken is the operator's to say, as with Kafka.")]
    private static SslProtocols Protocols(string names)
    {
        var protocols = SslProtocols.None;
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            protocols |= name switch
            {
                "TLSv1.2" => SslProtocols.Tls12,
                "TLSv1.3" => SslProtocols.Tls13,
                "TLSv1" or "TLSv1.1" or "SSLv2Hello" or "SSLv3" => throw new StoreException($"{name} in ssl.enabled.protocols is broken and not spoken: take TLSv1.2 and TLSv1.3"),
                _ => throw new StoreException($"'{name}' in ssl.enabled.protocols is no version of TLS: take TLSv1.2 and TLSv1.3"),
            };
        }

        return protocols == SslProtocols.None ? throw new StoreException("ssl.enabled.protocols names no version of TLS: take TLSv1.2 and TLSv1.3") : protocols;
    }

    private static CipherSuitesPolicy? Ciphers(string names)
    {
        if (names.Length == 0) return null;
        var suites = new List<TlsCipherSuite>();
        foreach (var name in names.Split(','))
        {
            if (CipherSuiteNames.Find(name) is not { } suite)
            {
                var near = Settings.NearestName.Find(name, Enum.GetNames<TlsCipherSuite>());
                throw new StoreException($"'{name}' in ssl.cipher.suites is no cipher suite{(near is null ? "" : $"; did you mean {near}?")}");
            }

            suites.Add(suite);
        }

        if (OperatingSystem.IsWindows()) throw new StoreException("ssl.cipher.suites cannot be chosen on Windows, where the system's policy does: remove it");
        return new CipherSuitesPolicy(suites);
    }
}
