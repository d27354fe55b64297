using Moldau.Storage.Compaction;

namespace Moldau.Storage.Logs;

/// <summary>A topic's settings, as much as its logs need. Replaced as a whole when one changes.</summary>
public sealed record LogSettings
{
    public static LogSettings Default { get; } = new();

    /// <summary><c>segment.bytes</c></summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary><c>segment.ms</c></summary>
    public long SegmentMilliseconds { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary><c>segment.jitter.ms</c>: taken off <see cref="SegmentMilliseconds"/>, at random, so that logs do not roll all at once.</summary>
    public long SegmentJitterMilliseconds { get; init; }

    /// <summary><c>segment.index.bytes</c>: a segment ends where its offset index would pass this.</summary>
    public int SegmentIndexBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary><c>index.interval.bytes</c></summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary><c>retention.ms</c>; -1 for ever.</summary>
    public long RetentionMilliseconds { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary><c>retention.bytes</c>; -1 for any.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary>Whether <c>cleanup.policy</c> holds <c>delete</c>.</summary>
    public bool Deletes { get; init; } = true;

    /// <summary>Whether <c>cleanup.policy</c> holds <c>compact</c>.</summary>
    public bool Compacts { get; init; }

    /// <summary>How, where it does.</summary>
    public CompactionSettings Compaction { get; init; } = new();

    /// <summary><c>moldau.durability</c></summary>
    public LogDurability Durability { get; init; } = LogDurability.Fsync;

    /// <summary><c>flush.messages</c>: so many records at most wait for the disk.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary><c>flush.ms</c>: none waits longer.</summary>
    public long FlushMilliseconds { get; init; } = long.MaxValue;

    /// <summary><c>producer.id.expiration.ms</c></summary>
    public long ProducerExpirationMilliseconds { get; init; } = 24L * 60 * 60 * 1000;

    /// <summary>How much may have been appended since the recovery point before it moves.</summary>
    public long CheckpointBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long what was appended may wait for the recovery point to move past it.</summary>
    public long CheckpointMilliseconds { get; init; } = 60_000;
}
