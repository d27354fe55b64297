using Microsoft.Extensions.Logging.Abstractions;
using System.Security.Cryptography.X509Certificates;
using Moldau.Broker;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Shared;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Compatibility.Clients.Tls;

/// <summary>
/// Our broker with two listeners that speak TLS, one of which asks for certificates, and a folder with what clients need:
/// the authority, a good certificate, one as good of somebody whom no rule holds, and one of a stranger.
/// </summary>
public sealed class TlsClientBroker : IAsyncLifetime
{
    private const string Topics = "of-";

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-tls-").FullName;
    private BrokerServer? _server;

    public string Folder => _folder;

    public string Open => $"127.0.0.1:{_server!.Addresses[0].Port}";

    public string Asking => $"127.0.0.1:{_server!.Addresses[1].Port}";

    public async ValueTask InitializeAsync()
    {
        var known = new TestCertificates("Moldau test authority");
        Write("ca.pem", known.AuthorityPem);
        WriteClient("good", known.Client("pay"));
        WriteClient("denied", known.Client("poor"));
        WriteClient("stranger", new TestCertificates("Stranger").Client("pay"));
        Write("server.pem", known.ServerPem);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "server.p12"), known.Server.Export(X509ContentType.Pkcs12, "geheim"));
        var options = new BrokerOptions
        {
            Disk = new MemoryFileSystem(keepsHistory: false),
            Clock = TimeProvider.System,
            Chance = new Random(TestSeed.Value),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string>
            {
                ["node.id"] = "1",
                ["log.dirs"] = "/data",
                ["listeners"] = "OPEN://127.0.0.1:0,ASKING://127.0.0.1:0",
                ["listener.security.protocol.map"] = "OPEN:SSL,ASKING:SSL",
                ["ssl.keystore.location"] = Path.Combine(_folder, "server.pem"),
                ["listener.name.asking.ssl.keystore.location"] = Path.Combine(_folder, "server.p12"),
                ["listener.name.asking.ssl.keystore.password"] = "geheim",
                ["listener.name.asking.ssl.client.auth"] = "required",
                ["ssl.truststore.location"] = Path.Combine(_folder, "ca.pem"),
                ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            },
        };
        await BrokerServer.AlterStoppedAsync(options, AllowAsync);
        _server = await BrokerServer.StartAsync(options);
    }

    /// <summary>Who shows no certificate, and whoever's is good, but for one.</summary>
    private static async Task AllowAsync(IMetadataStore store)
    {
        var alter = new AlterRecord(store);
        ulong rules = 0;
        foreach (var principal in new[] { "User:ANONYMOUS", "User:CN=pay,O=Moldau" })
        {
            foreach (var operation in new[] { AclOperation.Create, AclOperation.Write })
            {
                var rule = new AclRecord(AclResource.Topic, AclPattern.Prefixed, Topics, principal, "*", operation, AclPermission.Allow);
                await alter.RunAsync<AclRecord>(MetadataKeys.Acl(new Uuid(1, ++rules)), _ => rule);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void WriteClient(string name, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        Write($"{name}.pem", certificate.ExportCertificatePem() + "\n");
        Write($"{name}.key", key.ExportPkcs8PrivateKeyPem() + "\n");
        Write($"{name}.both", TestCertificates.Pem(certificate));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
