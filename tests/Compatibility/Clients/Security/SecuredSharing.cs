using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Security;
using Moldau.Shared;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>
/// Our broker with a listener over TLS and one without, which both ask who comes, a user who may read in some groups and from one
/// topic, and a record in each topic.
/// </summary>
public sealed class SecuredSharing : IAsyncLifetime
{
    public const string User = "alice";
    public const string Password = "wonder, land=\u00fc";
    public const string OpenTopic = "open";
    public const string ClosedTopic = "closed";

    /// <summary>One that may be described, and not read.</summary>
    public const string DimTopic = "dim";

    /// <summary>What names of groups begin with that the user may read in.</summary>
    public const string OpenGroups = "mine-";

    /// <summary>One whose coordinator the user may ask for, and which it may not read in.</summary>
    public const string DimGroup = "looked-at";

    private const string Administrator = "admin";

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-sharing-").FullName;
    private readonly TestCertificates _known = new("Moldau test authority");
    private BrokerServer? _server;

    /// <summary>Where clients find the authority that vouches for the broker.</summary>
    public string AuthorityFile => Path.Combine(_folder, "ca.pem");

    public TlsOptions Tls => new() { Trusted = [_known.Authority] };

    public string Address(string protocol) =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_server!.Addresses[protocol == "SASL_SSL" ? 1 : 0].Port}");

    public async ValueTask InitializeAsync()
    {
        var server = Path.Combine(_folder, "server.pem");
        await File.WriteAllTextAsync(AuthorityFile, _known.AuthorityPem);
        await File.WriteAllTextAsync(server, _known.ServerPem);
        var plain = $"org.apache.kafka.common.security.plain.PlainLoginModule required user_{User}=\"{Password}\" user_{Administrator}=\"{Password}\";";
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
                ["listeners"] = "SASL_PLAINTEXT://127.0.0.1:0,SASL_SSL://127.0.0.1:0",
                ["ssl.keystore.location"] = server,
                ["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
                ["listener.name.sasl_plaintext.plain.sasl.jaas.config"] = plain,
                ["listener.name.sasl_ssl.plain.sasl.jaas.config"] = plain,
                ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                ["super.users"] = $"User:{Administrator}",
                ["share.coordinator.state.topic.num.partitions"] = "2",
                ["group.share.min.heartbeat.interval.ms"] = "300",
                ["group.share.heartbeat.interval.ms"] = "300",
            },
        };
        await BrokerServer.AlterStoppedAsync(options, SharingRules.StoreAsync);
        _server = await BrokerServer.StartAsync(options);
        await using var administrator = Administer();
        foreach (var topic in new[] { OpenTopic, ClosedTopic, DimTopic })
        {
            (await administrator.Topics.CreateAsync([new NewTopic(topic)]))[0].Get();
            await using var producer = administrator.CreateProducer<string, string>(topic);
            await producer.SendAsync("k", "of " + topic);
        }
    }

    /// <summary>Lets groups begin with the first record.</summary>
    public async Task BeginAsync(IEnumerable<string> groups)
    {
        await using var administrator = Administer();
        foreach (var group in groups)
            await administrator.Configs.AlterAsync(new ConfigResource(ConfigResourceType.Group, group), [new ConfigChange("share.auto.offset.reset", ConfigOperation.Set, "earliest")]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private KafkaClient Administer() => new(new KafkaClientOptions { Bootstrap = Address("SASL_PLAINTEXT"), Sasl = new PlainCredentials(Administrator, Password) });
}
