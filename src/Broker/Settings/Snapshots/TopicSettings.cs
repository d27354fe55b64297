using Moldau.Storage.Compaction;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>A topic's settings, as they count: its own, else the broker's. Never changed; a change makes another.</summary>
public sealed record TopicSettings
{
    /// <summary>What its logs need.</summary>
    public required LogSettings Log { get; init; }

    public CompactionSettings Compaction => Log.Compaction;

    public required int MaxMessageBytes { get; init; }

    public required TimestampType TimestampType { get; init; }

    /// <summary>How far a producer's time may lie before the broker's, in milliseconds.</summary>
    public required long TimestampBeforeMax { get; init; }

    /// <summary>How far a producer's time may lie after the broker's, in milliseconds.</summary>
    public required long TimestampAfterMax { get; init; }

    public required TopicCompression Compression { get; init; }

    public required int MinInSyncReplicas { get; init; }

    public required bool ElectsUncleanLeaders { get; init; }

    public required bool Preallocates { get; init; }

    /// <summary>Whether groups may use it for their dead letters.</summary>
    public required bool TakesDeadLetters { get; init; }

    /// <summary>How long a deleted segment's file stays, in milliseconds.</summary>
    public required long FileDeleteDelay { get; init; }

    public LogDurability Durability => Log.Durability;

    /// <param name="layers">What is set for the broker.</param>
    /// <param name="own">What is set for the topic.</param>
    public static TopicSettings Of(SettingLayers layers, IReadOnlyDictionary<string, string> own)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(own);
        var values = new SettingValues(name => TopicValues.Find(layers, own, name));
        return new TopicSettings
        {
            Log = LogOf(values, layers),
            MaxMessageBytes = values.Int("max.message.bytes"),
            TimestampType = values.Text("message.timestamp.type") == "LogAppendTime" ? TimestampType.LogAppendTime : TimestampType.CreateTime,
            TimestampBeforeMax = values.Long("message.timestamp.before.max.ms"),
            TimestampAfterMax = values.Long("message.timestamp.after.max.ms"),
            Compression = TopicCompression.Of(values),
            MinInSyncReplicas = values.Int("min.insync.replicas"),
            ElectsUncleanLeaders = values.Truth("unclean.leader.election.enable"),
            Preallocates = values.Truth("preallocate"),
            TakesDeadLetters = values.Truth("errors.deadletterqueue.group.enable"),
            FileDeleteDelay = values.Long("file.delete.delay.ms"),
        };
    }

    private static LogSettings LogOf(SettingValues values, SettingLayers layers)
    {
        var policy = values.List("cleanup.policy");
        var segment = values.Long("segment.ms");
        return new LogSettings
        {
            SegmentBytes = TopicValues.SegmentBytes(values),
            SegmentMilliseconds = segment,
            // More than the whole would make a roll lie before the segment's first record.
            SegmentJitterMilliseconds = Math.Min(values.Long("segment.jitter.ms"), segment),
            SegmentIndexBytes = values.Int("segment.index.bytes"),
            IndexIntervalBytes = values.Int("index.interval.bytes"),
            RetentionMilliseconds = values.Long("retention.ms"),
            RetentionBytes = Math.Max(-1, values.Long("retention.bytes")),
            Deletes = policy.Contains("delete"),
            Compacts = policy.Contains("compact"),
            Compaction = new CompactionSettings
            {
                MinDirtyRatio = values.Double("min.cleanable.dirty.ratio"),
                MinLag = values.Long("min.compaction.lag.ms"),
                MaxLag = values.Long("max.compaction.lag.ms"),
                DeleteRetention = values.Long("delete.retention.ms"),
            },
            Durability = values.Text("moldau.durability") == "page-cache" ? LogDurability.PageCache : LogDurability.Fsync,
            FlushMessages = values.Long("flush.messages"),
            FlushMilliseconds = values.Long("flush.ms"),
            ProducerExpirationMilliseconds = SettingValues.Of(layers).Int("producer.id.expiration.ms"),
            CheckpointMilliseconds = SettingValues.Of(layers).Int("log.flush.offset.checkpoint.interval.ms"),
        };
    }
}
