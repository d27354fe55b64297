namespace Moldau.Storage.Logs;

/// <summary>A record found by its time.</summary>
public readonly record struct TimestampSearchResult(long Offset, long Timestamp, int LeaderEpoch);
