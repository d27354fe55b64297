namespace Moldau.Coordination.Groups.Consumer;

/// <summary>Tells whether all members of a group subscribe to the same topics.</summary>
internal static class SubscriptionKind
{
    public static bool IsHomogeneous(IReadOnlyDictionary<string, int> expressions, IReadOnlyDictionary<string, SubscriptionCount> topics, int members)
    {
        if (expressions.Count == 0) return topics.Values.All(count => count.ByName == members);
        return expressions.Values.First() == members && topics.Values.All(static count => count is { ByRegex: 1, ByName: <= 0 });
    }
}
