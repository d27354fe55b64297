using System.Globalization;
using System.Net.Security;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Producing;
using Moldau.Client.Security;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Errors;
using Moldau.Shared;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Compatibility.Client;

/// <summary>
/// Our client over TLS, by a certificate and by every mechanism of SASL, with Kafka's broker and with ours: whoever has the secret writes and reads in
/// groups of both protocols, whoever may not is told so, and whoever has another secret is told that.
/// </summary>
public class SecurityOnBothBrokersTests
{
    private const int Records = 20;
    private const string Open = "open";
    private const string Closed = "closed";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task With_ours()
    {
        using var settings = new SecuredSettings();
        await using var moldau = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = new MemoryFileSystem(keepsHistory: false),
            Clock = TimeProvider.System,
            Chance = new Random(TestSeed.Value),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string>(settings.Values)
            {
                ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0,SSL://127.0.0.1:0,SASL_SSL://127.0.0.1:0",
            },
        });
        await AllAsync(settings, [.. moldau.Addresses.Select(static address => address.Port)]);
    }

    [Fact(Timeout = 600_000)]
    public async Task With_Kafkas()
    {
        KafkaJars.Require();
        using var settings = new SecuredSettings();
        await using var kafka = await SecuredKafka.StartAsync(settings);
        await AllAsync(settings, kafka.Ports);
    }

    private static async Task AllAsync(SecuredSettings settings, int[] ports)
    {
        await PrepareAsync(ports[0]);
        var trusting = new TlsOptions { Trusted = [TestCertificates.Shared.Authority] };
        var known = new TlsOptions { Trusted = trusting.Trusted, Certificate = SslStreamCertificateContext.Create(TestCertificates.Shared.Client(SecuredSettings.User), null) };
        var stranger = new TestCertificates("Somebody else");
        var strange = new TlsOptions { Trusted = trusting.Trusted, Certificate = SslStreamCertificateContext.Create(stranger.Client(SecuredSettings.User), null) };
        var (tls, sasl) = (Options(ports[1]), Options(ports[2]) with { Tls = trusting });

        // Who shows no certificate is nobody in particular, who here may do anything.
        await WorkAsync(tls with { Tls = trusting }, "tls");
        Assert.True((await RefusedAsync(tls with { Tls = new TlsOptions { Trusted = [stranger.Authority] } })).IsFatal);
        await WorkAsync(tls with { Tls = known }, "mtls");
        await DeniedAsync(tls with { Tls = known });
        // TLS 1.3 tells a client that he was refused when he thinks he is in: all he sees is that the connection ends.
        Assert.Equal(ErrorCode.NetworkException, (await RefusedAsync(tls with { Tls = strange, OperationTimeout = TimeSpan.FromSeconds(1) })).Code);

        foreach (var (right, wrong) in Credentials(settings))
        {
            await WorkAsync(sasl with { Sasl = right }, right.Mechanism);
            await DeniedAsync(sasl with { Sasl = right });
            var refused = await RefusedAsync(sasl with { Sasl = wrong });
            Assert.Equal((ErrorCode.SaslAuthenticationFailed, true, false), (refused.Code, refused.IsFatal, refused.IsTransient));
        }
    }

    private static (SaslCredentials Right, SaslCredentials Wrong)[] Credentials(SecuredSettings settings) =>
    [
        (new PlainCredentials(SecuredSettings.User, SecuredSettings.Password), new PlainCredentials(SecuredSettings.User, "guess")),
        (ScramCredentials.Sha256(SecuredSettings.User, SecuredSettings.Password), ScramCredentials.Sha256(SecuredSettings.User, "guess")),
        (ScramCredentials.Sha512(SecuredSettings.User, SecuredSettings.Password), ScramCredentials.Sha512(SecuredSettings.User, "guess")),
        (new OAuthBearerCredentials(_ => ValueTask.FromResult(new BearerToken(settings.Token))), new OAuthBearerCredentials(_ => ValueTask.FromResult(new BearerToken(settings.ForgedToken)))),
    ];

    private static KafkaClientOptions Options(int port) => new() { Bootstrap = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") };

    private static async Task PrepareAsync(int port)
    {
        await using var admin = new KafkaClient(Options(port));
        foreach (var mechanism in Enum.GetValues<ScramMechanism>()) await admin.Users.SetPasswordAsync(SecuredSettings.User, mechanism, SecuredSettings.Password, cancellation: Token);
        foreach (var outcome in await admin.Acls.CreateAsync([Rule(AclResourceType.Topic, Open, AclOperation.All), Rule(AclResourceType.Group, Open, AclOperation.All)], Token)) outcome.Get();
        foreach (var outcome in await admin.Topics.CreateAsync([new NewTopic(Closed) { Partitions = 1 }], cancellation: Token)) outcome.Get();
    }

    private static AclRule Rule(AclResourceType resource, string name, AclOperation operation) =>
        new(resource, name, AclPatternType.Prefixed, $"User:{SecuredSettings.User}", "*", operation, AclPermission.Allow);

    /// <summary>Makes a topic, writes to it, and reads it in a group of each protocol.</summary>
    private static async Task WorkAsync(KafkaClientOptions options, string name)
    {
        var topic = $"{Open}-{name}";
        await using var client = new KafkaClient(options);
        foreach (var outcome in await client.Topics.CreateAsync([new NewTopic(topic) { Partitions = 2 }], cancellation: Token)) outcome.Get();
        await using (var producer = client.CreateProducer())
        {
            for (var i = 0; i < Records; i++) await producer.EnqueueAsync(topic, new OutgoingRecord { Value = Encoding.UTF8.GetBytes(Text(i)) }, Token);
            var summary = await producer.FlushAsync(Token);
            Assert.Equal((Records, 0), ((int)summary.Delivered, summary.Lost.Count));
        }

        foreach (var protocol in new[] { GroupProtocol.Classic, GroupProtocol.Consumer })
        {
            var group = $"{topic}-{protocol}";
            var read = new List<string>();
            await using (var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { GroupId = group, Topics = [topic], StopAtEnd = true, Group = new GroupOptions { Protocol = protocol } }))
            {
                await foreach (var record in consumer.ReadAllAsync(Token)) read.Add(record.Value!);
            }

            Assert.Equal(Enumerable.Range(0, Records).Select(Text).Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
            Assert.Equal(Records, (await client.Groups.OffsetsAsync(group, Token)).Values.Sum(static offset => offset.Get().Offset));
        }
    }

    private static async Task DeniedAsync(KafkaClientOptions options)
    {
        await using var client = new KafkaClient(options);
        await using var producer = client.CreateProducer();
        var denied = await Assert.ThrowsAsync<KafkaException>(() => producer.SendAsync(Closed, new OutgoingRecord { Value = "x"u8.ToArray() }, Token).AsTask());
        Assert.Equal((ErrorCode.TopicAuthorizationFailed, false), (denied.Code, denied.IsTransient));
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { GroupId = Closed, Topics = [$"{Open}-PLAIN"] });
        var outside = await Assert.ThrowsAsync<KafkaException>(async () =>
        {
            await foreach (var record in consumer.ReadAllAsync(Token)) Assert.Fail($"read {record}");
        });
        Assert.Equal(ErrorCode.GroupAuthorizationFailed, outside.Code);
    }

    private static async Task<KafkaException> RefusedAsync(KafkaClientOptions options)
    {
        await using var client = new KafkaClient(options);
        await using var producer = client.CreateProducer();
        return await Assert.ThrowsAnyAsync<KafkaException>(() => producer.SendAsync(Closed, new OutgoingRecord { Value = "x"u8.ToArray() }, Token).AsTask());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
