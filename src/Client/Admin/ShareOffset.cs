namespace Moldau.Client.Admin;

/// <summary>Where a share group stands in a partition.</summary>
/// <param name="Start">Everything before it is done with; null where the group has not begun.</param>
/// <param name="Lag">Records that are not done with yet; null where the broker does not say.</param>
/// <param name="LeaderEpoch">The partition's leader epoch when this was stored; -1 where it is not known.</param>
public readonly record struct ShareOffset(long? Start, long? Lag, int LeaderEpoch);
