namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>A topic that an application has for itself, to repartition records or to keep a state's changes.</summary>
/// <param name="Partitions">0 where that follows from the topology.</param>
/// <param name="ReplicationFactor">0 for the broker's default.</param>
/// <param name="Settings">The topic's own.</param>
public sealed record InternalTopic(string Name, int Partitions, short ReplicationFactor, IReadOnlyList<KeyValuePair<string, string>> Settings);
