namespace Moldau.Coordination.Deliveries;

/// <summary>What is stored of records that stand alike.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">Is one of them.</param>
/// <param name="State">Never acquired: who has what is not stored.</param>
/// <param name="Count">Of deliveries that have ended.</param>
public readonly record struct StateChange(long First, long Last, DeliveryState State, short Count);
