using System.Collections.Immutable;

namespace Moldau.Broker.Metadata.Records;

/// <summary>Who may lead besides the ISR while that is below its minimum (KIP-966).</summary>
/// <param name="Nodes">Left the ISR since the high watermark last moved, and so hold all of it.</param>
/// <param name="LastLeader">Who led last where neither ISR nor these are left.</param>
public sealed record EligibleLeaders(ImmutableArray<int> Nodes, int? LastLeader = null);
