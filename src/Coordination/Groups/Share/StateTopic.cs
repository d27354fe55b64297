namespace Moldau.Coordination.Groups.Share;

/// <summary>Partitions of a topic that have state, or shall have.</summary>
internal sealed record StateTopic(string Name, IReadOnlySet<int> Partitions)
{
    public StateTopic With(IReadOnlySet<int> partitions) => this with { Partitions = Partitions.Union(partitions).ToHashSet() };
}
