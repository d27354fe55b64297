namespace Moldau.Broker.Settings.Snapshots;

/// <summary>The folders of the data, and what is done around the logs in them; times are milliseconds.</summary>
public sealed record LogFolderSettings
{
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>Those in which no new partitions are put.</summary>
    public required IReadOnlyList<string> Cordoned { get; init; }

    /// <summary>Whether there is no folder at all in which new partitions are put.</summary>
    public bool AreAllCordoned => Cordoned.Count > 0 && Paths.All(Cordoned.Contains);

    /// <summary>Logs of a folder that are opened at once.</summary>
    public required int RecoveryThreads { get; init; }

    public required long InitialDelay { get; init; }

    public required long RetentionInterval { get; init; }

    public required long FlushInterval { get; init; }

    public required int RecoveryPointInterval { get; init; }

    public required int StartOffsetInterval { get; init; }

    public required int ProducerExpirationInterval { get; init; }

    internal static LogFolderSettings Of(SettingValues values)
    {
        var paths = values.OptionalList("log.dirs") ?? values.List("log.dir");
        var cordoned = values.List("cordoned.log.dirs");
        return new LogFolderSettings
        {
            Paths = paths,
            Cordoned = cordoned is ["*"] ? paths : cordoned,
            RecoveryThreads = values.Int("num.recovery.threads.per.data.dir"),
            InitialDelay = values.Long("log.initial.task.delay.ms"),
            RetentionInterval = values.Long("log.retention.check.interval.ms"),
            FlushInterval = values.Long("log.flush.scheduler.interval.ms"),
            RecoveryPointInterval = values.Int("log.flush.offset.checkpoint.interval.ms"),
            StartOffsetInterval = values.Int("log.flush.start.offset.checkpoint.interval.ms"),
            ProducerExpirationInterval = values.Int("producer.id.expiration.check.interval.ms"),
        };
    }
}
