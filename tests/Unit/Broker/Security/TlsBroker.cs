using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Moldau.Broker;
using Moldau.Broker.Requests;
using Moldau.Broker.Security;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Shared;
using Moldau.Unit.Broker.Serving;
using Moldau.Unit.Broker.Settings;

namespace Moldau.Unit.Broker.Security;

/// <summary>A broker with one listener that speaks TLS and one that does not, its certificates in memory.</summary>
internal sealed class TlsBroker : IAsyncDisposable
{
    private readonly LastPrincipal _principals;

    private TlsBroker(TestBroker broker, SmallFilesInMemory files, LogLines lines, LastPrincipal principals)
    {
        Broker = broker;
        Files = files;
        Lines = lines;
        _principals = principals;
    }

    public TestBroker Broker { get; }

    public SmallFilesInMemory Files { get; }

    public LogLines Lines { get; }

    public IPEndPoint Tls => Broker.Server.Addresses[0];

    public IPEndPoint Plain => Broker.Server.Addresses[1];

    /// <summary>Who asked for metadata last.</summary>
    public Principal? Principal => _principals.Value;

    public static async Task<TlsBroker> StartAsync(params (string Name, string Value)[] settings)
    {
        var files = new SmallFilesInMemory { ["/server.pem"] = TestCertificates.Shared.ServerPem, ["/trusted.pem"] = TestCertificates.Shared.AuthorityPem };
        var lines = new LogLines();
        var principals = new LastPrincipal();
        var all = new Dictionary<string, string>
        {
            ["listeners"] = "SSL://127.0.0.1:0,PLAINTEXT://127.0.0.1:0",
            ["ssl.keystore.location"] = "/server.pem",
            ["ssl.truststore.location"] = "/trusted.pem",
        };
        foreach (var (name, value) in settings) all[name] = value;
        var broker = await TestBroker.StartAsync(
            options => options with { SmallFiles = files, Logs = lines, Wrap = (key, handler) => key == ApiKey.Metadata ? new Noting(handler, principals) : handler }, settings: all);
        return new TlsBroker(broker, files, lines, principals);
    }

    public Task<Conversation> ConnectAsync(X509Certificate2? certificate = null, SslProtocols protocols = SslProtocols.None, TestCertificates? trusted = null, CipherSuitesPolicy? ciphers = null) =>
        Conversation.ConnectAsync(Tls, tls: Options(certificate, protocols, trusted, ciphers));

    public static SslClientAuthenticationOptions Options(X509Certificate2? certificate = null, SslProtocols protocols = SslProtocols.None, TestCertificates? trusted = null, CipherSuitesPolicy? ciphers = null)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            CipherSuitesPolicy = ciphers,
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
        };
        options.CertificateChainPolicy.CustomTrustStore.Add((trusted ?? TestCertificates.Shared).Authority);
        if (certificate is not null) options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        return options;
    }

    /// <summary>Asks something; with TLS 1.3 only that tells a client whether its certificate was taken.</summary>
    public static Task<MetadataResponse> AskAsync(Conversation client) => client.AskAsync<MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest { Topics = [] });

    public ValueTask DisposeAsync() => Broker.DisposeAsync();

    private sealed class LastPrincipal
    {
        public volatile Principal? Value;
    }

    private sealed class Noting(RequestHandler inner, LastPrincipal principals) : RequestHandler
    {
        public override void Start(Exchange exchange)
        {
            principals.Value = exchange.Principal;
            inner.Start(exchange);
        }

        public override void Refuse(Exchange exchange, ErrorCode error, string? message) => inner.Refuse(exchange, error, message);
    }
}
