namespace Moldau.Storage.Compaction;

/// <summary>What a topic says of its compaction, under Kafka's names.</summary>
public sealed record CompactionSettings
{
    /// <summary><c>min.cleanable.dirty.ratio</c>: a log is compacted when more than this part of it is dirty.</summary>
    public double MinDirtyRatio { get; init; } = 0.5;

    /// <summary><c>min.compaction.lag.ms</c>: a record stays as it is for at least so long.</summary>
    public long MinLag { get; init; }

    /// <summary><c>max.compaction.lag.ms</c>: a record is compacted after at most so long, however clean the log is.</summary>
    public long MaxLag { get; init; } = long.MaxValue;

    /// <summary><c>delete.retention.ms</c>: for so long a tombstone can be read after what it deletes is gone.</summary>
    public long DeleteRetention { get; init; } = 86_400_000;
}
