using Moldau.Host.Commands.Doctor.Facts;

namespace Moldau.Host.Commands.Doctor.Rules;

/// <summary>What the settings of a start should be like.</summary>
internal static class StartRules
{
    public static IEnumerable<Finding> Read(StartFacts facts) => facts.Faults.Count == 0
        ? [Finding.Ok($"{facts.Values.Count} settings, all possible")]
        : facts.Faults.Select(static fault => Finding.Fail(fault, "possible: a start refuses it", "change it where it stands; docs/reference/settings.md has what each takes"));

    public static IEnumerable<Finding> Durability(StartFacts facts) =>
        facts.Faults.Count > 0 ? []
        : facts.Values.GetValueOrDefault("moldau.durability") == "page-cache"
            ? [Finding.Warn("moldau.durability is page-cache", "fsync: a loss of power takes what was acknowledged and is not on disk", "remove moldau.durability, and set it for the topics that may lose records")]
            : [Finding.Ok("moldau.durability is fsync")];

    public static IEnumerable<Finding> UncleanElection(StartFacts facts) =>
        bool.TryParse(facts.Values.GetValueOrDefault("unclean.leader.election.enable"), out var isOn) && isOn
            ? [Finding.Warn("unclean.leader.election.enable is true", "false: a replica that has fallen behind would lead, and records be lost", "remove unclean.leader.election.enable")]
            : [];
}
