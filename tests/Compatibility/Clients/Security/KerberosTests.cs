using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Compatibility.Differential;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Shared;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>Kafka's Java client and ours enter with a ticket of a real Kerberos server.</summary>
public sealed class KerberosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_ticket_says_who_speaks()
    {
        KafkaJars.Require();
        Assert.SkipUnless(KerberosServer.IsThere, "this machine has no Kerberos server (Debian: krb5-kdc, krb5-admin-server)");
        await using var kerberos = await KerberosServer.StartAsync("kafka/localhost", "alice", "bob/admin");
        await using var broker = await StartAsync(kerberos.Keytab("kafka/localhost"));
        SecurityCell[] cells =
        [
            new("GSSAPI", "allowed", $"alice@{KerberosServer.Realm}", $"{kerberos.Keytab("alice")}|{kerberos.Configuration}", "tickets", "entered"),
            // The rules have names for those of one part only.
            new("GSSAPI", "without a name", $"bob/admin@{KerberosServer.Realm}", $"{kerberos.Keytab("bob/admin")}|{kerberos.Configuration}", "tickets", "refused"),
        ];
        var java = SecurityClient.All.Single(static client => client.Name == "java");
        var outcomes = await java.TryAsync($"localhost:{broker.Addresses[0].Port}", cells);
        foreach (var (outcome, why) in outcomes) output.WriteLine($"{outcome} {why}");
        Assert.Equal(cells.Select(static cell => cell.Outcome), outcomes.Select(static one => one.Outcome));
        foreach (var garbage in new[] { "garbage", "\u0060\u0010not a ticket" }) Assert.Equal(ErrorCode.SaslAuthenticationFailed, await SayAsync(broker, garbage));
        Assert.Equal((1, 1), (broker.ListenerFacts[0].Authentication.Succeeded > 0 ? 1 : 0, broker.ListenerFacts[0].Authentication.Failed > 0 ? 1 : 0));
    }

    [Fact]
    public async Task Our_client_takes_a_ticket_and_knows_the_broker_by_it()
    {
        Assert.SkipUnless(KerberosServer.IsThere, "this machine has no Kerberos server (Debian: krb5-kdc, krb5-admin-server)");
        await using var kerberos = await KerberosServer.StartAsync("kafka/localhost", "alice", "bob/admin");
        await using var broker = await StartAsync(kerberos.Keytab("kafka/localhost"));
        Assert.Contains(broker.ClusterId, await DescribeAsync("alice", "kafka"), StringComparison.Ordinal);
        var unnamed = await Assert.ThrowsAsync<InvalidOperationException>(() => DescribeAsync("bob/admin", "kafka"));
        Assert.Contains("uthentication", unnamed.Message, StringComparison.Ordinal);
        var stranger = await Assert.ThrowsAsync<InvalidOperationException>(() => DescribeAsync("alice", "somebody"));
        Assert.Contains("no ticket for somebody/localhost", stranger.Message, StringComparison.Ordinal);

        async Task<string> DescribeAsync(string principal, string service)
        {
            var file = Path.Combine(Path.GetDirectoryName(kerberos.Configuration)!, "client.properties");
            await File.WriteAllTextAsync(file, $"security.protocol=SASL_PLAINTEXT\nsasl.mechanism=GSSAPI\nsasl.kerberos.service.name={service}\n", TestContext.Current.CancellationToken);
            var name = principal.Replace('/', '_');
            return await ChildProcess.RunAsync($"our client with the ticket of {principal}", TimeSpan.FromSeconds(60), "env",
            [
                $"KRB5_CONFIG={kerberos.Configuration}", $"KRB5_CLIENT_KTNAME=FILE:{kerberos.Keytab(principal)}", $"KRB5CCNAME=FILE:{file}.{name}",
                Path.Combine(RepositoryPaths.Root, "artifacts", "bin", "Moldau.Host", "release", "moldau"), "cluster", "describe", "--format", "json",
                "--server", $"localhost:{broker.Addresses[0].Port}", "--command-config", file,
            ]);
        }
    }

    private static async Task<ErrorCode> SayAsync(BrokerServer broker, string token)
    {
        using var connection = await BrokerConnection.ConnectAsync(broker.Addresses[0]);
        await connection.AskAsync(ApiTable.Get(ApiKey.SaslHandshake), 1, MessageBytes.Write(new SaslHandshakeRequest { Mechanism = "GSSAPI" }, 1));
        var answer = await connection.AskAsync(ApiTable.Get(ApiKey.SaslAuthenticate), 2, MessageBytes.Write(new SaslAuthenticateRequest { AuthBytes = Encoding.UTF8.GetBytes(token) }, 2));
        return MessageBytes.Read<SaslAuthenticateResponse>(answer.Body, 2).ErrorCode;
    }

    private static Task<BrokerServer> StartAsync(string keytab) => BrokerServer.StartAsync(new BrokerOptions
    {
        Disk = new MemoryFileSystem(keepsHistory: false),
        Clock = TimeProvider.System,
        Chance = new Random(TestSeed.Value),
        Logs = NullLoggerFactory.Instance,
        Settings = new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["log.dirs"] = "/data",
            ["listeners"] = "SASL_PLAINTEXT://127.0.0.1:0",
            ["advertised.listeners"] = "SASL_PLAINTEXT://localhost:0",
            ["sasl.enabled.mechanisms"] = "GSSAPI",
            ["sasl.kerberos.service.name"] = "kafka",
            ["sasl.kerberos.principal.to.local.rules"] = "RULE:[1:$1]s/^/krb-/",
            ["listener.name.sasl_plaintext.gssapi.sasl.jaas.config"] =
                $"com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true keyTab=\"{keytab}\" principal=\"kafka/localhost@{KerberosServer.Realm}\";",
        },
    });
}
