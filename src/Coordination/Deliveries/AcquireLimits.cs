namespace Moldau.Coordination.Deliveries;

/// <summary>What whoever fetches asks for.</summary>
/// <param name="MaxRecords">Passed by up to a batch's end, where it is not strict.</param>
/// <param name="BatchSize">From so many records on, what is told of is cut at the next batch.</param>
/// <param name="IsStrict">Whether a batch is cut rather than more records given than asked for.</param>
public readonly record struct AcquireLimits(int MaxRecords, int BatchSize, bool IsStrict);
