namespace Moldau.Client.Admin;

/// <summary>An offset that was looked for.</summary>
/// <param name="Offset">-1 where no record is that late.</param>
/// <param name="Timestamp">The record's; -1 where the offset is not a record's.</param>
/// <param name="LeaderEpoch">The epoch in which it was written; -1 where it is not known.</param>
public readonly record struct FoundOffset(long Offset, long Timestamp, int LeaderEpoch);
