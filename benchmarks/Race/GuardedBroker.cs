using System.Globalization;
using Moldau.Bench.Load;
using Moldau.Client.Admin;
using Moldau.Client.Security;

namespace Moldau.Bench.Race;

/// <summary>Ours as an operations team has it: who enters says who he is, and ten thousand rules say what he may.</summary>
internal static class GuardedBroker
{
    private const string Administrator = "admin";
    private const string User = "bench";
    private const string Password = "of-no-worth";
    private const int Rules = 10_000;
    private const int RulesAtOnce = 500;

    public static Contender Start(string folder, int port)
    {
        var process = Contenders.LaunchMoldau(
            folder, $"SASL_PLAINTEXT://127.0.0.1:{port}",
            "sasl.enabled.mechanisms=PLAIN",
            $"listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_{Administrator}=\"{Password}\" user_{User}=\"{Password}\";",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", $"super.users=User:{Administrator}");
        var contender = new Contender(ContenderKind.Guarded, process, port, folder) { Administrator = new PlainCredentials(Administrator, Password) };
        Topics.WaitUntilServed(contender);
        foreach (var rules in All().Chunk(RulesAtOnce))
        {
            Topics.Run(contender, async client =>
            {
                foreach (var made in await client.Acls.CreateAsync(rules).ConfigureAwait(false)) made.Get();
            });
        }

        Logins.Set(port, User, Password);
        return contender;
    }

    /// <summary>One of each kind that holds for the load, and many that do not: of other topics, of other users, of prefixes.</summary>
    private static IEnumerable<AclRule> All()
    {
        yield return Rule("ra", AclPatternType.Prefixed, User, AclOperation.Write);
        yield return Rule("race", AclPatternType.Literal, User, AclOperation.Read);
        for (var i = 2; i < Rules; i++)
        {
            var number = i.ToString(CultureInfo.InvariantCulture);
            yield return (i % 4) switch
            {
                0 => Rule("topic-" + number, AclPatternType.Literal, User, AclOperation.Write),
                1 => Rule("race", AclPatternType.Literal, "user-" + number, AclOperation.Read),
                2 => Rule("r" + number, AclPatternType.Prefixed, "user-" + number, AclOperation.All),
                _ => Rule("topic-" + number, AclPatternType.Prefixed, User, AclOperation.Read) with { Permission = AclPermission.Deny },
            };
        }
    }

    private static AclRule Rule(string name, AclPatternType pattern, string user, AclOperation operation) =>
        new(AclResourceType.Topic, name, pattern, "User:" + user, "*", operation, AclPermission.Allow);
}
