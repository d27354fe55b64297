namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>A part of a topology whose tasks run by themselves.</summary>
internal sealed record Subtopology(string Id)
{
    public IReadOnlyList<string> Sources { get; init; } = [];

    public IReadOnlyList<string> SourceRegexes { get; init; } = [];

    public IReadOnlyList<InternalTopic> Changelogs { get; init; } = [];

    /// <summary>Topics it writes for other parts.</summary>
    public IReadOnlyList<string> RepartitionSinks { get; init; } = [];

    /// <summary>Topics it reads that other parts write.</summary>
    public IReadOnlyList<InternalTopic> Repartitions { get; init; } = [];

    public IReadOnlyList<CopartitionGroup> CopartitionGroups { get; init; } = [];

    /// <summary>All that its tasks read.</summary>
    public IEnumerable<string> Inputs => Sources.Concat(Repartitions.Select(static topic => topic.Name));

    /// <summary>The topics of each group that must have equally many partitions.</summary>
    public IEnumerable<HashSet<string>> Copartitioned => CopartitionGroups.Select(group =>
        group.Sources.Select(at => Sources[at]).Concat(group.Repartitions.Select(at => Repartitions[at].Name)).ToHashSet(StringComparer.Ordinal));
}
