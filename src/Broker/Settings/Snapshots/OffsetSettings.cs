using Moldau.Protocol.Compression;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Committed offsets; times are milliseconds unless they say otherwise.</summary>
public sealed record OffsetSettings
{
    public required InternalTopicSettings Topic { get; init; }

    /// <summary>Of the records in the topic.</summary>
    public required CompressionType Compression { get; init; }

    public required int MaxMetadataBytes { get; init; }

    public required int CommitTimeout { get; init; }

    public required int LoadBufferBytes { get; init; }

    public required int RetentionMinutes { get; init; }

    public required long RetentionInterval { get; init; }

    internal static OffsetSettings Of(SettingValues values) => new()
    {
        Topic = new InternalTopicSettings(
            values.Int("offsets.topic.num.partitions"), values.Int("offsets.topic.replication.factor"), values.Int("offsets.topic.segment.bytes"), null),
        Compression = (CompressionType)values.Int("offsets.topic.compression.codec"),
        MaxMetadataBytes = values.Int("offset.metadata.max.bytes"),
        CommitTimeout = values.Int("offsets.commit.timeout.ms"),
        LoadBufferBytes = values.Int("offsets.load.buffer.size"),
        RetentionMinutes = values.Int("offsets.retention.minutes"),
        RetentionInterval = values.Long("offsets.retention.check.interval.ms"),
    };
}
