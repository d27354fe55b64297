namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>A topology does not fit the topics that exist; members are told so with their answers.</summary>
internal sealed class TopologyProblemException(StreamsStatus status, string detail) : Exception(detail)
{
    public TopologyProblem Problem { get; } = new(status, detail);
}
