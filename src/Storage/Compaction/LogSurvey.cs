using Moldau.Storage.Logs;

namespace Moldau.Storage.Compaction;

/// <summary>A log as a pass, or whoever decides over one, finds it: its segments, and what the rules ask about them.</summary>
/// <param name="Segments">All of the log's.</param>
/// <param name="Facts">Of each of them.</param>
/// <param name="Range">What of it may be compacted.</param>
/// <param name="Generation">The log's: another one by now where it was cut meanwhile.</param>
internal sealed record LogSurvey(SegmentList Segments, SegmentFacts[] Facts, CleanableRange Range, int Generation)
{
    /// <exception cref="SegmentGoneException">A segment was deleted meanwhile.</exception>
    public static LogSurvey Of(CompactedLog target)
    {
        var log = target.Log;
        // First, so that a truncation that comes behind it is noticed.
        var generation = log.Flushing.Generation;
        var segments = log.Segments;
        var settings = log.Settings.Compaction;
        // To tell a segment's timestamps it may have to be read.
        var asksTimes = settings.MinLag > 0 || settings.MaxLag < long.MaxValue;
        var facts = new SegmentFacts[segments.Count];
        for (var i = 0; i < facts.Length; i++)
        {
            var segment = segments[i];
            var isClosed = i < facts.Length - 1;
            var end = isClosed ? segments[i + 1].BaseOffset : log.EndOffset;
            facts[i] = isClosed && asksTimes
                ? new SegmentFacts(segment.BaseOffset, end, segment.Length, 0, 0, segment.FirstTimestamp, segment.MaxTimestamp)
                : new SegmentFacts(segment.BaseOffset, end, segment.Length, 0, 0, 0, 0);
        }

        var bounds = new LogBounds(log.StartOffset, log.EndOffset, target.LastStableOffset(), log.RecoveryPoint, log.CompactedUpTo > 0 ? log.CompactedUpTo : null);
        return new LogSurvey(segments, facts, CleanableRange.Of(facts, bounds, settings, log.Disk.Now), generation);
    }

    /// <summary>The facts of the first so many segments, with the lengths of their indexes.</summary>
    public SegmentFacts[] WithIndexes(int count)
    {
        var facts = Facts[..count];
        for (var i = 0; i < count; i++)
        {
            var indexes = Segments[i].Indexes;
            facts[i] = facts[i] with { IndexBytes = indexes.Offsets.Length, TimeIndexBytes = indexes.Times.Length };
        }

        return facts;
    }
}
