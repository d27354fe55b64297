namespace Moldau.Client.Admin;

/// <summary>A group with its members.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">classic, consumer, share or streams.</param>
/// <param name="State">Empty and Dead mean that it has no members.</param>
/// <param name="Assignor">Who shares the partitions out; empty while nobody does.</param>
/// <param name="Epoch">Of all but classic groups: grows with its members and what they read.</param>
/// <param name="Coordinator">The broker that coordinates it.</param>
/// <param name="Members">In the order in which the broker tells them.</param>
public sealed record GroupDescription(string Id, string Type, string State, string Assignor, int? Epoch, int Coordinator, IReadOnlyList<GroupMember> Members)
{
    public bool IsEmpty => Members.Count == 0;

    /// <summary>What a streams group's application writes for itself: topics of repartitioned records and changelogs of its state. Empty for all other groups.</summary>
    public IReadOnlyList<string> InternalTopics { get; init; } = [];

    /// <summary>Whether its members have the records between them one by one.</summary>
    public bool IsShare => Type == "share";
}
