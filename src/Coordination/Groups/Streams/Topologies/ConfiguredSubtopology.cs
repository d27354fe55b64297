namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>A subtopology whose numbers of partitions are decided.</summary>
/// <param name="Changelogs">Its own, with their numbers; without any its tasks have no state.</param>
/// <param name="Repartitions">Those it reads, with their numbers.</param>
internal sealed record ConfiguredSubtopology(Subtopology Told, int TaskCount, IReadOnlyList<InternalTopic> Changelogs, IReadOnlyList<InternalTopic> Repartitions)
{
    public bool HasState => Changelogs.Count > 0;
}
