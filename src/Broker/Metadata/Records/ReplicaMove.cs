using System.Collections.Immutable;

namespace Moldau.Broker.Metadata.Records;

/// <summary>A change of a partition's replicas that is under way (KIP-455).</summary>
/// <param name="Adding">Those of the replicas that count only once all of them are in the ISR.</param>
/// <param name="Removing">Those of the replicas that go then.</param>
public sealed record ReplicaMove(ImmutableArray<int> Adding, ImmutableArray<int> Removing);
