using System.Globalization;
using Moldau.Host.Commands.Doctor.Facts;

namespace Moldau.Host.Commands.Doctor.Rules;

/// <summary>Settings of a running broker that cost records, or let in more than was meant.</summary>
internal static class BrokerSettingRules
{
    private static readonly string[] OwnMachine = ["localhost", "127.0.0.1", "[::1]"];

    public static IEnumerable<Finding> UncleanElection(BrokerSettingFacts facts) => IsOn(facts, "unclean.leader.election.enable")
        ? [Finding.Warn(Said(facts, "unclean.leader.election.enable is true"), "false: a replica that has fallen behind would lead, and records be lost", "moldau config set broker all unclean.leader.election.enable=false")]
        : [];

    public static IEnumerable<Finding> Durability(BrokerSettingFacts facts) => facts.Values.GetValueOrDefault("moldau.durability") == "page-cache"
        ? [Finding.Warn(Said(facts, "moldau.durability is page-cache"), "fsync: a loss of power takes what was acknowledged and is not on disk", "moldau config set broker all moldau.durability=fsync, and page-cache for the topics that may lose records")]
        : [];

    public static IEnumerable<Finding> AutoCreate(BrokerSettingFacts facts) => IsOn(facts, "auto.create.topics.enable")
        ? [Finding.Warn(Said(facts, "auto.create.topics.enable is true"), "false: a misspelt name becomes a topic, with the defaults' partitions", "auto.create.topics.enable=false in the broker's settings, and a restart")]
        : [];

    public static IEnumerable<Finding> Copies(BrokerSettingFacts facts)
    {
        if (facts.BrokerCount < 3 || Number(facts, "default.replication.factor") is not { } copies) yield break;
        if (copies < 3)
            yield return Finding.Warn(Said(facts, Text($"default.replication.factor is {copies}")), "3: a topic that is created without saying so has no more copies", "default.replication.factor=3 in the broker's settings");
        else if (Number(facts, "min.insync.replicas") is 1)
            yield return Finding.Warn(Said(facts, "min.insync.replicas is 1"), "2: else a record counts as written with one copy", "moldau config set broker all min.insync.replicas=2");
    }

    public static IEnumerable<Finding> Authorizer(BrokerSettingFacts facts)
    {
        if (facts.Values.GetValueOrDefault("listeners") is not { } listeners || !facts.Values.TryGetValue("authorizer.class.name", out var authorizer)) yield break;
        var isPublic = listeners.Split(',').Any(static listener => !OwnMachine.Any(own => listener.Contains($"://{own}:", StringComparison.OrdinalIgnoreCase)));
        if (isPublic && string.IsNullOrWhiteSpace(authorizer))
            yield return Finding.Warn(Said(facts, "authorizer.class.name is empty, and others than its machine reach the broker"), "an authorizer: whoever is let in may do everything", "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer and super.users in the broker's settings");
    }

    private static bool IsOn(BrokerSettingFacts facts, string name) => bool.TryParse(facts.Values.GetValueOrDefault(name), out var isOn) && isOn;

    private static int? Number(BrokerSettingFacts facts, string name) => int.TryParse(facts.Values.GetValueOrDefault(name), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Said(BrokerSettingFacts facts, string what) => Text($"broker {facts.Broker}: {what}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
