using System.Globalization;
using Moldau.Shared;
using Moldau.Shared.Security;

namespace Moldau.Compatibility.Client;

/// <summary>What both brokers are given so that they ask in the same ways who somebody is, in Kafka's names; and the secrets that go with it.</summary>
internal sealed class SecuredSettings : IDisposable
{
    public const string User = "alice";
    public const string Password = "wonder, land";

    private const string Plain = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    private const string Scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
    private const string Bearer = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;";

    private readonly TokenKey _key = TokenKey.Make("own", "RS256");
    private readonly TokenKey _stranger = TokenKey.Make("own", "RS256");

    public SecuredSettings()
    {
        var keystore = Write("server.pem", TestCertificates.Shared.ServerPem);
        var authority = Write("authority.pem", TestCertificates.Shared.AuthorityPem);
        KeysUrl = new Uri(Write("keys.json", TokenKey.Set(_key))).AbsoluteUri;
        Values = new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["inter.broker.listener.name"] = "PLAINTEXT",
            ["listener.security.protocol.map"] = "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT",
            ["ssl.keystore.type"] = "PEM",
            ["ssl.keystore.location"] = keystore,
            ["ssl.truststore.type"] = "PEM",
            ["ssl.truststore.location"] = authority,
            ["listener.name.ssl.ssl.client.auth"] = "requested",
            ["ssl.principal.mapping.rules"] = "RULE:^.*CN=([a-z]+).*$/$1/,DEFAULT",
            ["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
            ["listener.name.sasl_ssl.plain.sasl.jaas.config"] = $"{Plain} user_{User}=\"{Password}\";",
            ["listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config"] = Scram,
            ["listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config"] = Scram,
            ["listener.name.sasl_ssl.oauthbearer.sasl.jaas.config"] = Bearer,
            ["listener.name.sasl_ssl.oauthbearer.sasl.server.callback.handler.class"] = "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler",
            ["listener.name.sasl_ssl.sasl.oauthbearer.jwks.endpoint.url"] = KeysUrl,
            ["sasl.oauthbearer.expected.audience"] = "both",
            ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            // Who administers does it where nobody is asked.
            ["super.users"] = "User:ANONYMOUS",
            ["offsets.topic.replication.factor"] = "1",
            ["offsets.topic.num.partitions"] = "1",
            ["group.initial.rebalance.delay.ms"] = "0",
        };
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("moldau-secured-client-").FullName;

    public Dictionary<string, string> Values { get; }

    public string KeysUrl { get; }

    public string Token => _key.Sign(Claims());

    /// <summary>One that somebody else has signed.</summary>
    public string ForgedToken => _stranger.Sign(Claims());

    public void Dispose()
    {
        _key.Dispose();
        _stranger.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Claims()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $$"""{"sub":"{{User}}","aud":"both","iss":"test","scope":"kafka","iat":{{now}},"exp":{{now + 300}}}""");
    }
}
