namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What holds for all share groups; a group's own are in <see cref="GroupSettings"/>.</summary>
public sealed record ShareGroupSettings
{
    public required int MaxSize { get; init; }

    public required int MaxSessions { get; init; }

    public required IReadOnlyList<string> Assignors { get; init; }

    /// <summary>How names of topics for dead letters begin.</summary>
    public required string DeadLetterPrefix { get; init; }

    public required bool CreatesDeadLetterTopics { get; init; }

    /// <summary>In milliseconds.</summary>
    public required int InitializeRetryInterval { get; init; }

    internal static ShareGroupSettings Of(SettingValues values) => new()
    {
        MaxSize = values.Int("group.share.max.size"),
        MaxSessions = values.Int("group.share.max.share.sessions"),
        Assignors = AssignorNames.Short(values.List("group.share.assignors")),
        DeadLetterPrefix = values.Text("errors.deadletterqueue.topic.name.prefix"),
        CreatesDeadLetterTopics = values.Truth("errors.deadletterqueue.auto.create.topics.enable"),
        InitializeRetryInterval = values.Int("group.share.initialize.retry.interval.ms"),
    };
}
