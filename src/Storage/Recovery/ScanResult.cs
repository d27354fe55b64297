namespace Moldau.Storage.Recovery;

/// <summary>How far a segment's batches are sound.</summary>
/// <param name="Stop">What comes then.</param>
/// <param name="Position">The byte behind the last sound batch.</param>
/// <param name="EndOffset">The offset behind its last record.</param>
/// <param name="Problem">What is wrong there.</param>
/// <param name="NextPosition">Where the next sound batch begins, for a suspect one.</param>
/// <param name="NextOffset">Its offset.</param>
internal readonly record struct ScanResult(
    ScanStop Stop, long Position, long EndOffset, string Problem = "", long NextPosition = -1, long NextOffset = -1);
