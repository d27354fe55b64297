namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What compaction may take of the machine.</summary>
public sealed record CompactorSettings
{
    public required bool IsEnabled { get; init; }

    public required int Threads { get; init; }

    /// <summary>For keys, over all threads.</summary>
    public required long KeyBytes { get; init; }

    /// <summary>How full the memory for keys may become.</summary>
    public required double LoadFactor { get; init; }

    /// <summary>For reading and writing, over all threads.</summary>
    public required int BufferBytes { get; init; }

    public required double MaxBytesPerSecond { get; init; }

    /// <summary>When no log is due, in milliseconds.</summary>
    public required long Backoff { get; init; }

    internal static CompactorSettings Of(SettingValues values) => new()
    {
        IsEnabled = values.Truth("log.cleaner.enable"),
        Threads = values.Int("log.cleaner.threads"),
        KeyBytes = values.Long("log.cleaner.dedupe.buffer.size"),
        LoadFactor = values.Double("log.cleaner.io.buffer.load.factor"),
        BufferBytes = values.Int("log.cleaner.io.buffer.size"),
        MaxBytesPerSecond = values.Double("log.cleaner.io.max.bytes.per.second"),
        Backoff = values.Long("log.cleaner.backoff.ms"),
    };
}
