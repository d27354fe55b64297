namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>A topology beside the topics there are at a time. Never changes.</summary>
/// <param name="Subtopologies">In the order of their ids; null where their numbers of partitions could not be decided.</param>
/// <param name="Missing">Internal topics that are to be created.</param>
/// <param name="Problem">Null where it can be run.</param>
internal sealed record ConfiguredTopology(int Epoch, IReadOnlyList<ConfiguredSubtopology>? Subtopologies, IReadOnlyList<InternalTopic> Missing, TopologyProblem? Problem)
{
    public bool IsReady => Problem is null;

    public ConfiguredSubtopology? Find(string id) => Subtopologies?.FirstOrDefault(part => part.Told.Id == id);
}
