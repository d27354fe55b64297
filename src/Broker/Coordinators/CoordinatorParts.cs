using Moldau.Broker.Partitions;
using Moldau.Broker.Timing;

namespace Moldau.Broker.Coordinators;

/// <summary>What every shard's runtime is made from.</summary>
internal sealed record CoordinatorParts(HostedTopics Topics, LiveSettings Settings, TimeProvider Clock, Delays Delays, CoordinatorLogbook Log);
