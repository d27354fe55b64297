using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups;

/// <summary>What groups need to know of a topic.</summary>
/// <param name="RacksOf">The racks of a partition's replicas, as far as their nodes have one.</param>
public sealed record TopicFacts(Uuid Id, string Name, int PartitionCount, Func<int, IReadOnlyList<string>> RacksOf);
