using System.Globalization;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Rules;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Security;

/// <summary>
/// The rules decide as Kafka's do. No name here begins with what comes before '*': among rules about such names Kafka's
/// authorizer may search without an end.
/// </summary>
public class AuthorizerAgainstKafkaTests
{
    private const int RuleSets = 600;
    private const int Questions = 40;

    private static readonly string[] Names = ["*", "a", "ab", "abc", "abcd", "abd", "ac", "b", "ba", "har", "hardcode", "kafka-cluster", "ä", "zz"];
    // The last is nobody, but everybody where a rule names him.
    private static readonly string[] Users = ["alice", "bob", "CN=x,O=y", "ANONYMOUS", "a:b", "*"];
    private static readonly string[] RuleHosts = ["*", "127.0.0.1", "10.0.0.7", "10.0.0.0/8", "0:0:0:0:0:0:0:1", "::1"];
    private static readonly string[] Addresses = ["127.0.0.1", "10.0.0.7", "::1", "fe80::1:2"];
    private static readonly AclResource[] Resources = Enum.GetValues<AclResource>();
    private static readonly AclOperation[] Operations = Enum.GetValues<AclOperation>();

    [Fact]
    public async Task Questions_are_answered_as_by_Kafkas_rules()
    {
        KafkaJars.Require();
        var chance = TestSeed.For(nameof(Questions_are_answered_as_by_Kafkas_rules));
        var lines = new List<string>();
        var asked = new List<(string Line, bool IsAny, char Answer)>();
        for (var set = 0; set < RuleSets; set++) Ask(chance, lines, asked);

        var answers = await KafkaJars.RunAsync("decisions by Kafka", TimeSpan.FromMinutes(2), "Authorizer", lines);

        Assert.Equal(asked.Count, answers.Count);
        var differences = asked.Zip(answers).Where(static pair => pair.First.Answer != pair.Second[0]).ToList();
        Assert.True(differences.Count == 0, $"{TestSeed.Text}: {differences.Count} of {asked.Count} differ:\n" +
            string.Join("\n", differences.Take(5).Select(static pair => $"{pair.First.Line}: ours {pair.First.Answer}, Kafka's {pair.Second}")));
        Assert.Contains(asked, static question => question is { IsAny: true, Answer: 'y' });
        Assert.Contains(asked, static question => question is { IsAny: false, Answer: 'n' });
    }

    private static void Ask(Random chance, List<string> lines, List<(string Line, bool IsAny, char Answer)> asked)
    {
        var allows = chance.Next(2) == 0;
        var super = chance.Next(4) == 0 ? "User:" + Pick(chance, Users[..^1]) : "User:root";
        lines.Add($"new\t{(allows ? "true" : "false")}\t{super}");
        // Few kinds at a time, so that rules meet.
        var (kinds, operations) = (Some(chance, Resources), Some(chance, Operations));
        var rules = new HashSet<AclRecord>();
        for (var count = chance.Next(0, 25); count > 0; count--)
        {
            rules.Add(new AclRecord(
                Pick(chance, kinds), chance.Next(2) == 0 ? AclPattern.Literal : AclPattern.Prefixed, Pick(chance, Names), "User:" + Pick(chance, Users),
                chance.Next(2) == 0 ? "*" : Pick(chance, RuleHosts), Pick(chance, operations), chance.Next(3) == 0 ? AclPermission.Deny : AclPermission.Allow));
        }

        foreach (var rule in rules)
            lines.Add($"rule\t{(int)rule.Resource}\t{rule.Name}\t{(int)rule.Pattern}\t{rule.Principal}\t{rule.Host}\t{(int)rule.Operation}\t{(int)rule.Permission}");
        var index = new RuleIndex(rules, allows);
        for (var count = 0; count < Questions; count++)
        {
            var (user, address, kind) = (Pick(chance, Users[..^1]), Pick(chance, Addresses), Pick(chance, kinds));
            var operation = Pick(chance, chance.Next(3) == 0 ? Operations : operations);
            var isAny = chance.Next(4) == 0 && operation is not AclOperation.All && kind != AclResource.Cluster;
            var name = isAny ? null : Pick(chance, Names);
            var subject = new Subject(new Principal(Principal.UserType, user), address, isSuper: super == "User:" + user);
            var isAllowed = subject.IsSuper || index.Decide(new Question(subject, operation, kind, name));
            var line = string.Create(CultureInfo.InvariantCulture, $"{(isAny ? "any" : "ask")}\t{user}\t{address}\t{(int)kind}\t{(int)operation}{(isAny ? "" : "\t" + name)}");
            lines.Add(line);
            asked.Add((line, isAny, isAllowed ? 'y' : 'n'));
        }
    }

    private static T Pick<T>(Random chance, T[] from) => from[chance.Next(from.Length)];

    private static T[] Some<T>(Random chance, T[] from) => [.. Enumerable.Range(0, chance.Next(1, 4)).Select(_ => Pick(chance, from))];
}
