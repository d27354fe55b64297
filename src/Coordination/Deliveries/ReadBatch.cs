namespace Moldau.Coordination.Deliveries;

/// <summary>A batch as it was read from the log.</summary>
/// <param name="First">Its base offset.</param>
/// <param name="Last">Is one of its offsets.</param>
/// <param name="IsSkipped">Whether nobody is given it: the end of a transaction, or of one that was aborted.</param>
public readonly record struct ReadBatch(long First, long Last, bool IsSkipped);
