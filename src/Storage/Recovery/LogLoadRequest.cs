using Moldau.Storage.Logs;

namespace Moldau.Storage.Recovery;

/// <summary>What is known of a log before its folder is looked at.</summary>
/// <param name="RecoveryPoint">Below it everything was on disk; 0 where nobody knows.</param>
/// <param name="StartOffset">The least that can be read; 0 where its first segment says it.</param>
/// <param name="WasClosed">Whether it was closed in order, at the recovery point.</param>
/// <param name="CompactedUpTo">Below it offsets may be missing, because compaction has been there; 0 where it never was.</param>
/// <param name="Settings">The topic's.</param>
/// <param name="HadSegment">Whether it is known that its first segment has been on disk: one without any is lost then, not new.</param>
/// <param name="ClosedLength">How long its last segment was when it was closed in order; null where nobody has noted it.</param>
public sealed record LogLoadRequest(
    long RecoveryPoint, long StartOffset, bool WasClosed, long CompactedUpTo, LogSettings Settings, bool HadSegment = false, long? ClosedLength = null);
