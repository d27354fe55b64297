namespace Moldau.Coordination.ShareStates;

/// <summary>Records of a share-partition that stand alike.</summary>
/// <param name="Last">Is one of them.</param>
/// <param name="State">In Kafka's numbers: 0 available, 1 acquired, 2 acknowledged, 3 archiving, 4 archived.</param>
/// <param name="Deliveries">How often they were given to somebody.</param>
public readonly record struct StateRange(long First, long Last, sbyte State, short Deliveries)
{
    public bool IsLike(in StateRange other) => State == other.State && Deliveries == other.Deliveries;

    /// <summary>
    /// Of two things said of a record the one behind more deliveries is true, and of the same number of them the one further
    /// on: what arrives late takes nothing back.
    /// </summary>
    public bool IsNewerThan(in StateRange other) => Deliveries != other.Deliveries ? Deliveries > other.Deliveries : State > other.State;
}
