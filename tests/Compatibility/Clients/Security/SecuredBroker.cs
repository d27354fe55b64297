using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Shared.Security;
using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>
/// Our broker with a listener that authenticates by every mechanism of the matrix, and one user for them all, who may write
/// to one topic.
/// </summary>
public sealed class SecuredBroker : IAsyncLifetime
{
    public const string User = "alice";
    public const string OpenTopic = "matrix";
    public const string ClosedTopic = "closed";
    public const string Password = "wonder, land=\u00fc";

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-secured-").FullName;
    private readonly TokenKey _key = TokenKey.Make("matrix", "RS256");
    private readonly TokenKey _stranger = TokenKey.Make("matrix", "RS256");
    private BrokerServer? _server;

    public string Address => $"127.0.0.1:{_server!.Addresses[0].Port}";

    /// <summary>A token that counts.</summary>
    public string Token => _key.Sign(Claims());

    /// <summary>One that somebody else has signed.</summary>
    public string ForgedToken => _stranger.Sign(Claims());

    public async ValueTask InitializeAsync()
    {
        var data = Path.Combine(_folder, "data");
        var keys = Path.Combine(_folder, "keys.json");
        await File.WriteAllTextAsync(keys, TokenKey.Set(_key));
        var options = new BrokerOptions
        {
            Disk = new DiskFileSystem(),
            Clock = TimeProvider.System,
            Chance = new Random(TestSeed.Value),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string>
            {
                ["node.id"] = "1",
                ["log.dirs"] = data,
                ["listeners"] = "SASL_PLAINTEXT://127.0.0.1:0",
                ["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
                ["listener.name.sasl_plaintext.plain.sasl.jaas.config"] = $"org.apache.kafka.common.security.plain.PlainLoginModule required user_{User}=\"{Password}\";",
                ["listener.name.sasl_plaintext.sasl.oauthbearer.jwks.endpoint.url"] = new Uri(keys).AbsoluteUri,
                ["sasl.oauthbearer.expected.audience"] = "matrix",
                ["auto.create.topics.enable"] = "true",
                ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            },
        };
        await BrokerServer.AlterStoppedAsync(options, PrepareAsync);
        _server = await BrokerServer.StartAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _key.Dispose();
        _stranger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task PrepareAsync(IMetadataStore store)
    {
        foreach (var mechanism in new[] { ScramMechanism.Sha256, ScramMechanism.Sha512 })
            await UserCredentials.Set(store, new ScramUser(mechanism, User), Password, UserCredentials.LeastIterations, [3, 1, 4, 1, 5, 9, 2, 6]);
        var alter = new AlterRecord(store);
        foreach (var operation in new[] { AclOperation.Create, AclOperation.Write })
        {
            var rule = new AclRecord(AclResource.Topic, AclPattern.Literal, OpenTopic, "User:" + User, "*", operation, AclPermission.Allow);
            await alter.RunAsync<AclRecord>(MetadataKeys.Acl(new Uuid(1, (ulong)operation)), _ => rule);
        }
    }

    private static string Claims()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $$"""{"sub":"{{User}}","aud":"matrix","iss":"test","scope":"kafka","iat":{{now}},"exp":{{now + 300}}}""");
    }
}
