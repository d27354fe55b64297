namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What holds for all share groups; a group's own are in <see cref="GroupSettings"/>.</summary>
public sealed record ShareGroupSettings
{
    public required int MaxSize { get; init; }

    public required int MaxSessions { get; init; }

    public required IReadOnlyList<string> Assignors { get; init; }

    /// <summary>In milliseconds.</summary>
    public required int InitializeRetryInterval { get; init; }

    internal static ShareGroupSettings Of(SettingValues values) => new()
    {
        MaxSize = values.Int("group.share.max.size"),
        MaxSessions = values.Int("group.share.max.share.sessions"),
        Assignors = AssignorNames.Short(values.List("group.share.assignors")),
        InitializeRetryInterval = values.Int("group.share.initialize.retry.interval.ms"),
    };
}
