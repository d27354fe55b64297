namespace Moldau.Client.Admin;

/// <summary>How far a group has read a partition.</summary>
/// <param name="Offset">The next it will read.</param>
/// <param name="LeaderEpoch">The epoch of the last record it read; -1 where it did not say.</param>
/// <param name="Metadata">A text of the client's.</param>
public readonly record struct CommittedOffset(long Offset, int LeaderEpoch = -1, string? Metadata = null);
