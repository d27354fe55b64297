using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.ShareStates;

/// <summary>A partition in the eyes of one group.</summary>
public readonly record struct SharePartitionKey(string Group, Uuid Topic, int Partition)
{
    /// <summary>By which its coordinator is found, in Kafka's form.</summary>
    public string CoordinatorId => $"{Group}:{Topic}:{Partition}";
}
