namespace Moldau.Client.Sharing;

/// <summary>What a broker is told in one request: of each partition all of it is taken, or nothing.</summary>
internal sealed class SentAcknowledgements(Dictionary<SharePartition, List<AcknowledgedSpan>> spans, bool hasRenewals)
{
    public static SentAcknowledgements None { get; } = new([], false);

    public bool IsEmpty => spans.Count == 0;

    public bool HasRenewals => hasRenewals;

    public IReadOnlyCollection<SharePartition> Partitions => spans.Keys;

    public IReadOnlyList<AcknowledgedSpan> Of(SharePartition partition) => spans.TryGetValue(partition, out var its) ? its : [];

    /// <summary>In the order of the offsets, neighbours of which the same is said as one.</summary>
    public List<AcknowledgedSpan> Merged(SharePartition partition)
    {
        var its = new List<AcknowledgedSpan>(Of(partition));
        its.Sort(static (one, other) => one.First.CompareTo(other.First));
        var merged = new List<AcknowledgedSpan>();
        foreach (var span in its)
        {
            if (merged.Count > 0 && merged[^1] is var last && last.Last + 1 == span.First && last.Type == span.Type) merged[^1] = last with { Last = span.Last };
            else merged.Add(span with { Batch = null, Place = 0 });
        }

        return merged;
    }

    /// <summary>What the application is told; null where it said nothing of the partition itself.</summary>
    public AcknowledgedRecords? Tell(SharePartition partition, KafkaException? error)
    {
        var ranges = new List<AcknowledgedRange>();
        foreach (var span in Merged(partition))
        {
            if (span.Type != AcknowledgedSpan.Gap) ranges.Add(new AcknowledgedRange(span.First, span.Last, (Acknowledgement)span.Type));
        }

        return ranges.Count == 0 ? null : new AcknowledgedRecords(partition.Where, ranges, error);
    }
}
