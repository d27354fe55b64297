using Moldau.Protocol.Compression;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What share coordinators keep; times are milliseconds.</summary>
public sealed record ShareStateSettings
{
    public required InternalTopicSettings Topic { get; init; }

    /// <summary>Of the records in the topic.</summary>
    public required CompressionType Compression { get; init; }

    public required int LoadBufferBytes { get; init; }

    public required int UpdatesPerSnapshot { get; init; }

    public required int ColdSnapshotInterval { get; init; }

    public required int PruneInterval { get; init; }

    internal static ShareStateSettings Of(SettingValues values) => new()
    {
        Topic = new InternalTopicSettings(
            values.Int("share.coordinator.state.topic.num.partitions"), values.Int("share.coordinator.state.topic.replication.factor"),
            values.Int("share.coordinator.state.topic.segment.bytes"), values.Int("share.coordinator.state.topic.min.isr")),
        Compression = (CompressionType)values.Int("share.coordinator.state.topic.compression.codec"),
        LoadBufferBytes = values.Int("share.coordinator.load.buffer.size"),
        UpdatesPerSnapshot = values.Int("share.coordinator.snapshot.update.records.per.snapshot"),
        ColdSnapshotInterval = values.Int("share.coordinator.cold.partition.snapshot.interval.ms"),
        PruneInterval = values.Int("share.coordinator.state.topic.prune.interval.ms"),
    };
}
