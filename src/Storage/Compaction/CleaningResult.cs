namespace Moldau.Storage.Compaction;

/// <summary>What became of a pass.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Range">What it set out to do.</param>
/// <param name="CompactedUpTo">Below it the log is compacted now.</param>
/// <param name="Counts">What it found and left.</param>
/// <param name="Cause">Why it did not come to its end.</param>
public sealed record CleaningResult(CleaningOutcome Outcome, CleanableRange Range, long CompactedUpTo, PassCounts Counts, Exception? Cause = null);
