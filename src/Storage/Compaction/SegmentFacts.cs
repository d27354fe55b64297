namespace Moldau.Storage.Compaction;

/// <summary>What the rules of compaction need to know of a segment.</summary>
/// <param name="BaseOffset">The first offset it may hold.</param>
/// <param name="EndOffset">The next segment's base offset; of the last one the log's end.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="IndexBytes">That of its offset index.</param>
/// <param name="TimeIndexBytes">That of its time index.</param>
/// <param name="FirstTimestamp">The greatest of its first batch; none where it is not above 0.</param>
/// <param name="GreatestTimestamp">The greatest of all.</param>
public readonly record struct SegmentFacts(
    long BaseOffset, long EndOffset, long Bytes, long IndexBytes, long TimeIndexBytes, long FirstTimestamp, long GreatestTimestamp);
