namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>Why a topology cannot be run with the topics there are.</summary>
internal sealed record TopologyProblem(StreamsStatus Status, string Detail);
