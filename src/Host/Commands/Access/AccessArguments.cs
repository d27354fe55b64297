using System.CommandLine;
using Moldau.Broker.Settings;
using Moldau.Client.Admin;

namespace Moldau.Host.Commands.Access;

/// <summary>Words for who may do what, as the verbs about it take them.</summary>
internal static class AccessArguments
{
    public static readonly (string Word, AclResourceType Type)[] Resources =
    [
        ("topic", AclResourceType.Topic), ("group", AclResourceType.Group), ("cluster", AclResourceType.Cluster),
        ("transactional-id", AclResourceType.TransactionalId), ("token", AclResourceType.DelegationToken), ("user", AclResourceType.User),
    ];

    public static readonly (string Word, AclOperation Operation)[] Operations =
    [
        ("all", AclOperation.All), ("read", AclOperation.Read), ("write", AclOperation.Write), ("create", AclOperation.Create), ("delete", AclOperation.Delete),
        ("alter", AclOperation.Alter), ("describe", AclOperation.Describe), ("cluster-action", AclOperation.ClusterAction),
        ("describe-configs", AclOperation.DescribeConfigs), ("alter-configs", AclOperation.AlterConfigs), ("idempotent-write", AclOperation.IdempotentWrite),
        ("create-tokens", AclOperation.CreateTokens), ("describe-tokens", AclOperation.DescribeTokens), ("two-phase-commit", AclOperation.TwoPhaseCommit),
    ];

    public static readonly (string Word, ScramMechanism Mechanism)[] Mechanisms = [("SCRAM-SHA-256", ScramMechanism.Sha256), ("SCRAM-SHA-512", ScramMechanism.Sha512)];

    public static Option<string[]> Many(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName, AllowMultipleArgumentsPerToken = true };

    /// <exception cref="MisuseException">There is no such word.</exception>
    public static T Of<T>((string Word, T Value)[] words, string given, string what)
    {
        foreach (var (word, value) in words)
        {
            if (string.Equals(word, given, StringComparison.OrdinalIgnoreCase)) return value;
        }

        var nearest = NearestName.Find(given, words.Select(static word => word.Word));
        throw new MisuseException($"there is no {what} '{given}'; {(nearest is null ? $"there are {string.Join(", ", words.Select(static word => word.Word))}" : $"did you mean '{nearest}'?")}");
    }

    public static string WordOf<T>((string Word, T Value)[] words, T value) => words.FirstOrDefault(word => EqualityComparer<T>.Default.Equals(word.Value, value)).Word ?? $"{value}";

    /// <summary>A name alone is a user's.</summary>
    public static string Principal(string given) => given.Contains(':', StringComparison.Ordinal) ? given : $"User:{given}";
}
