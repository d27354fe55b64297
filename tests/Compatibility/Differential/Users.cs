using System.Text;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Compatibility.Differential;

/// <summary>Who asks in the scripts about rules, and what the rules say of them.</summary>
internal static class Users
{
    private const sbyte Topic = 2;
    private const sbyte Group = 3;
    private const sbyte Cluster = 4;
    private const sbyte TransactionalId = 5;
    private const sbyte User = 7;
    private const sbyte Literal = 3;
    private const sbyte Prefixed = 4;
    private const sbyte All = 2;
    private const sbyte Read = 3;
    private const sbyte Write = 4;
    private const sbyte Create = 5;
    private const sbyte Describe = 8;
    private const sbyte ClusterAction = 9;
    private const sbyte CreateTokens = 13;
    private const sbyte DescribeTokens = 14;
    private const sbyte Deny = 2;
    private const sbyte Allow = 3;

    /// <summary>Whom no rule holds.</summary>
    public const string Administrator = "admin";

    public static IReadOnlyList<string> Names { get; } = [Administrator, "all", "none", "half", "node", "writer", "maker"];

    public static string SuperUsers => $"User:{Administrator};User:ANONYMOUS";

    /// <summary>What a listener named SASL_PLAINTEXT asks by.</summary>
    public static IEnumerable<(string Name, string Value)> Asking(IEnumerable<string> users) =>
    [
        ("sasl.enabled.mechanisms", "PLAIN"),
        ("listener.name.sasl_plaintext.plain.sasl.jaas.config",
            $"org.apache.kafka.common.security.plain.PlainLoginModule required {string.Join(' ', users.Select(user => $"user_{user}=\"{user}\""))};"),
    ];

    /// <summary>With SASL/PLAIN.</summary>
    public static async Task IntroduceAsync(BrokerConnection connection, string user)
    {
        var shaken = await connection.AskAsync(ApiTable.Get(ApiKey.SaslHandshake), 1, MessageBytes.Write(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1));
        Assert.Equal(ErrorCode.None, MessageBytes.Read<SaslHandshakeResponse>(shaken.Body, 1).ErrorCode);
        var request = new SaslAuthenticateRequest { AuthBytes = Encoding.UTF8.GetBytes($"\0{user}\0{user}") };
        var entered = await connection.AskAsync(ApiTable.Get(ApiKey.SaslAuthenticate), 2, MessageBytes.Write(request, 2));
        Assert.Equal(ErrorCode.None, MessageBytes.Read<SaslAuthenticateResponse>(entered.Body, 2).ErrorCode);
    }

    /// <summary>A broker that coordinates, and has the rules.</summary>
    public static async Task PrepareAsync(BrokerSide side)
    {
        await Coordinated.PrepareAsync(side);
        await AllowAsync(side);
        await side.SettleAsync(DifferentialRun.BarrierTopic, 1);
    }

    /// <summary>Makes the rules: what is called yes and something is half's, what is called dim he knows of, and nothing else.</summary>
    private static async Task AllowAsync(BrokerSide side)
    {
        var request = new CreateAclsRequest();
        foreach (var resource in (sbyte[])[Topic, Group, TransactionalId])
        {
            request.Creations.Add(Rule(resource, "*", Literal, "all", All));
            request.Creations.Add(Rule(resource, "yes", Prefixed, "half", All));
            request.Creations.Add(Rule(resource, "dim", Prefixed, "half", Describe));
        }

        request.Creations.Add(Rule(Cluster, "kafka-cluster", Literal, "all", All));
        request.Creations.Add(Rule(Cluster, "kafka-cluster", Literal, "node", ClusterAction));
        request.Creations.Add(Rule(Cluster, "kafka-cluster", Literal, "maker", Create));
        request.Creations.Add(Rule(Cluster, "kafka-cluster", Literal, "maker", Describe));
        request.Creations.Add(Rule(User, "User:yes", Prefixed, "half", CreateTokens));
        request.Creations.Add(Rule(User, "User:yes", Prefixed, "half", DescribeTokens));
        request.Creations.Add(Rule(User, "*", Literal, "all", All));
        request.Creations.Add(Rule(Topic, "yes", Prefixed, "writer", Write));
        request.Creations.Add(Rule(Topic, "yes-unread", Literal, "half", Read, Deny));
        request.Creations.Add(Rule(Topic, "yes-unseen", Literal, "half", Describe, Deny));
        var created = await side.AskAsync<CreateAclsResponse>(ApiKey.CreateAcls, 3, request);
        Assert.All(created.Results, static result => Assert.Equal(ErrorCode.None, result.ErrorCode));
    }

    private static CreateAclsRequest.Acl Rule(sbyte resource, string name, sbyte pattern, string user, sbyte operation, sbyte permission = Allow) => new()
    {
        ResourceType = resource, ResourceName = name, ResourcePatternType = pattern, Principal = "User:" + user, Host = "*", Operation = operation, PermissionType = permission,
    };
}
