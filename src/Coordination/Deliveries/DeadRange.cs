namespace Moldau.Coordination.Deliveries;

/// <summary>Records that are to be copied as dead letters.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">Is one of them.</param>
/// <param name="Count">Of deliveries.</param>
/// <param name="Reason">After a restart it is told by the count.</param>
public readonly record struct DeadRange(long First, long Last, short Count, DeadReason Reason);
