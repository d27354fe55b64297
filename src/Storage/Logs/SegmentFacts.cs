namespace Moldau.Storage.Logs;

/// <summary>What there is to say of one of a log's segments.</summary>
/// <param name="BaseOffset">It begins here, and its files are named after it.</param>
/// <param name="Bytes">Of its batches.</param>
/// <param name="MaxTimestamp">-1 where no record has one.</param>
/// <param name="IsActive">Whether it is the one that is written to; the others are sealed.</param>
public readonly record struct SegmentFacts(long BaseOffset, long Bytes, long MaxTimestamp, bool IsActive)
{
    /// <summary>Those of a log, in their order. As the writer: none is replaced meanwhile.</summary>
    public static List<SegmentFacts> Of(PartitionLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        var segments = log.Segments;
        var facts = new List<SegmentFacts>(segments.Count);
        foreach (var segment in segments.All) facts.Add(new SegmentFacts(segment.BaseOffset, segment.Length, segment.MaxTimestamp, segment == segments.Last));
        return facts;
    }
}
