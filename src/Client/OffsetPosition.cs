namespace Moldau.Client;

/// <summary>A place in a partition, as it is committed.</summary>
/// <param name="Offset">Of the record to be read next.</param>
/// <param name="LeaderEpoch">The epoch of the last record before it; -1 where it is not known.</param>
/// <param name="Metadata">What whoever committed it wanted to remember.</param>
public readonly record struct OffsetPosition(long Offset, int LeaderEpoch = -1, string? Metadata = null);
