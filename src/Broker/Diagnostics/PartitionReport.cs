using Moldau.Broker.Partitions;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Diagnostics;

/// <summary>All there is to say of a partition on this node, taken in one moment between two of its writes.</summary>
public sealed record PartitionReport
{
    public required string Topic { get; init; }

    public required int Partition { get; init; }

    public required string TopicId { get; init; }

    public int LeaderEpoch { get; init; }

    /// <summary>Why it cannot be served; null where it can, and else nothing below is said.</summary>
    public string? OfflineReason { get; init; }

    public string? Folder { get; init; }

    /// <summary>What broke its log, so that nothing more is appended.</summary>
    public string? Fault { get; init; }

    public long LogStartOffset { get; init; }

    public long LastStableOffset { get; init; }

    public long HighWatermark { get; init; }

    public long DurableOffset { get; init; }

    public long LogEndOffset { get; init; }

    public int WaitingFetches { get; init; }

    public int WaitingProduces { get; init; }

    public IReadOnlyList<SegmentReport> Segments { get; init; } = [];

    public IReadOnlyList<EpochReport> LeaderEpochs { get; init; } = [];

    public IReadOnlyList<ProducerReport> Producers { get; init; } = [];

    /// <returns>The report, or why there is none.</returns>
    public static async Task<(PartitionReport? Report, string? Missing)> TakeAsync(BrokerServer broker, string topic, int partition)
    {
        ArgumentNullException.ThrowIfNull(broker);
        ArgumentNullException.ThrowIfNull(topic);
        if (broker.Topics.Find(topic) is not { } hosted) return (null, $"this broker has no topic '{topic}'");
        if (hosted.Find(partition) is not { } found) return (null, $"{topic} has partitions 0 to {hosted.Partitions.Count - 1}, not {partition}");
        PartitionReport? report = null;
        // Producers, segments and the line of those who wait are the writer's.
        await found.Queue.RunAsync(() => report = Take(found)).ConfigureAwait(false);
        return (report, null);
    }

    private static PartitionReport Take(Partition partition)
    {
        var report = new PartitionReport
        {
            Topic = partition.Topic,
            Partition = partition.Number,
            TopicId = partition.TopicId.ToString(),
            LeaderEpoch = partition.LeaderEpoch,
            OfflineReason = partition.OfflineReason,
            WaitingFetches = partition.Fetches.Count,
            WaitingProduces = partition.CountWaits(),
        };
        return partition.Log is { } log ? report.With(partition, log) : report;
    }

    private PartitionReport With(Partition partition, PartitionLog log) => this with
    {
        Folder = log.Folder,
        Fault = log.Fault?.Reason,
        LogStartOffset = log.StartOffset,
        LastStableOffset = partition.LastStableOffset,
        HighWatermark = partition.HighWatermark,
        DurableOffset = log.DurableOffset,
        LogEndOffset = log.EndOffset,
        Segments = SegmentFacts.Of(log).ConvertAll(static segment => new SegmentReport(segment.BaseOffset, segment.Bytes, segment.MaxTimestamp, segment.IsActive ? "active" : "sealed")),
        LeaderEpochs = [.. log.Epochs.Entries.Select(static entry => new EpochReport(entry.Epoch, entry.Offset))],
        Producers = [.. log.Producers.Producers.OrderBy(static state => state.ProducerId).Select(static state => new ProducerReport(
            state.ProducerId, state.Epoch, state.LastSequence, state.LastOffset, state.LastTimestamp, state.InTransaction ? state.TransactionOffset : null))],
    };
}
