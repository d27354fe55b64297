namespace Moldau.Storage.Compaction;

/// <summary>A log that is not compacted until the broker starts again, and what was found in it.</summary>
public sealed record UncleanableLog(CompactedLog Log, Exception Cause);
