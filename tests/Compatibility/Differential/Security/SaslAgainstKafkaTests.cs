using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Compatibility.Differential.Security;

/// <summary>What a listener that authenticates answers, step by step, is what Kafka's answers.</summary>
public sealed class SaslAgainstKafkaTests(ITestOutputHelper output)
{
    private const string Module = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"broker\" password=\"own\" user_broker=\"own\" user_alice=\"wonder\" user_bob=\"builder\";";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["node.id"] = "1",
        ["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-256",
        ["inter.broker.listener.name"] = "PLAINTEXT",
        ["listener.name.plaintext.plain.sasl.jaas.config"] = Module,
        ["listener.name.plaintext.scram-sha-256.sasl.jaas.config"] = "org.apache.kafka.common.security.scram.ScramLoginModule required;",
        ["listener.name.plaintext.plain.connections.max.reauth.ms"] = "60000",
        ["sasl.mechanism.inter.broker.protocol"] = "PLAIN",
        ["delegation.token.secret.key"] = "of both",
        ["offsets.topic.replication.factor"] = "1",
    };

    /// <summary>Steps of a connection each: hands MECHANISM, say TOKEN, or an API.</summary>
    private static readonly string[][] Scripts =
    [
        ["versions", "hands PLAIN", "say \0alice\0wonder", "describe", "hands PLAIN", "say \0alice\0wonder", "describe", "hands PLAIN", "describe"],
        ["hands PLAIN", "say \0alice\0wrong", "describe"],
        ["hands PLAIN", "say \0nobody\0wonder"],
        ["hands PLAIN", "say \0alice\0"],
        ["hands PLAIN", "say \0\0wonder"],
        ["hands PLAIN", "say bob\0alice\0wonder"],
        ["hands PLAIN", "say alice\0alice\0wonder", "say \0alice\0wonder", "describe"],
        ["hands PLAIN", "say alice"],
        ["hands PLAIN", "say \0alice"],
        ["hands PLAIN", "describe"],
        ["hands PLAIN", "hands PLAIN"],
        ["hands SCRAM-SHA-512"],
        ["hands NONSENSE"],
        ["hands "],
        ["hands SCRAM-SHA-256", "say garbage"],
        ["say \0alice\0wonder"],
        ["describe"],
        ["versions", "versions"],
        ["versions", "describe"],
        ["hands PLAIN", "say \0alice\0wonder", "hands PLAIN", "say \0bob\0builder"],
        ["hands PLAIN", "say \0alice\0wonder", "hands PLAIN", "say \0alice\0wrong"],
        ["hands PLAIN", "say \0alice\0wonder", "hands PLAIN", "describe"],
        ["hands PLAIN", "say \0alice\0wonder", "users", "tokens"],
    ];

    [Fact]
    public async Task Each_step_is_answered_alike()
    {
        KafkaJars.Require();
        await using var kafka = await KafkaBroker.StartAsync(Settings, protocol: "SASL_PLAINTEXT");
        await using var moldau = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = new MemoryFileSystem(keepsHistory: false),
            Clock = TimeProvider.System,
            Chance = new Random(TestSeed.Value),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string>(Settings)
            {
                ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["listener.security.protocol.map"] = "PLAINTEXT:SASL_PLAINTEXT",
            },
        });
        List<string> kafkas = [], ours = [];
        foreach (var script in Scripts)
        {
            kafkas.AddRange(await RunAsync(kafka.Address, script));
            ours.AddRange(await RunAsync(moldau.Addresses[0], script));
        }

        for (var i = 0; i < kafkas.Count; i++) output.WriteLine(kafkas[i] == ours[i] ? $"  {ours[i]}" : $"K {kafkas[i]}\nM {ours[i]}");
        Assert.Equal(kafkas, ours);
    }

    private static async Task<List<string>> RunAsync(IPEndPoint address, string[] script)
    {
        using var connection = await BrokerConnection.ConnectAsync(address);
        var answers = new List<string>();
        foreach (var step in script) answers.Add($"{step.Replace('\0', '|')} -> {(connection.IsClosed ? "closed" : await StepAsync(connection, step))}");
        return answers;
    }

    private static async Task<string> StepAsync(BrokerConnection connection, string step)
    {
        var blank = step.IndexOf(' ', StringComparison.Ordinal);
        return (blank < 0 ? step : step[..blank]) switch
        {
            "hands" => await AskAsync<SaslHandshakeResponse>(connection, ApiKey.SaslHandshake, 1, new SaslHandshakeRequest { Mechanism = step[(blank + 1)..] },
                static answer => $"{answer.ErrorCode} [{string.Join(',', answer.Mechanisms.Order(StringComparer.Ordinal))}]"),
            "say" => await AskAsync<SaslAuthenticateResponse>(connection, ApiKey.SaslAuthenticate, 2, new SaslAuthenticateRequest { AuthBytes = Encoding.UTF8.GetBytes(step[(blank + 1)..]) },
                static answer => $"{answer.ErrorCode} '{answer.ErrorMessage}' {answer.AuthBytes.Length} bytes, {answer.SessionLifetimeMs} ms"),
            "versions" => await AskAsync<ApiVersionsResponse>(connection, ApiKey.ApiVersions, 0, new ApiVersionsRequest(), static answer => $"{answer.ErrorCode}"),
            "users" => await AskAsync<DescribeUserScramCredentialsResponse>(connection, ApiKey.DescribeUserScramCredentials, 0, new DescribeUserScramCredentialsRequest { Users = null },
                static answer => $"{answer.ErrorCode} {answer.Results.Count}"),
            "tokens" => await AskAsync<DescribeDelegationTokenResponse>(connection, ApiKey.DescribeDelegationToken, 3, new DescribeDelegationTokenRequest { Owners = null },
                static answer => $"{answer.ErrorCode} {answer.Tokens.Count}"),
            _ => await AskAsync<DescribeClusterResponse>(connection, ApiKey.DescribeCluster, 0, new DescribeClusterRequest(), static answer => $"{answer.ErrorCode}"),
        };
    }

    private static async Task<string> AskAsync<T>(BrokerConnection connection, ApiKey key, short version, IMessage request, Func<T, string> tell)
        where T : IMessage, new()
    {
        var answer = await connection.AskAsync(ApiTable.Get(key), version, MessageBytes.Write(request, version));
        return answer.Silence ?? tell(MessageBytes.Read<T>(answer.Body, version));
    }
}
