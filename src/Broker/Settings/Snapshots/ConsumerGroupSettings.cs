namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What holds for all groups of the consumer protocol; a group's own times are in <see cref="GroupSettings"/>.</summary>
public sealed record ConsumerGroupSettings
{
    public required int MaxSize { get; init; }

    /// <summary>The first is the default.</summary>
    public required IReadOnlyList<string> Assignors { get; init; }

    public required GroupMigration Migration { get; init; }

    /// <summary>In milliseconds.</summary>
    public required int RegexRefreshInterval { get; init; }

    internal static ConsumerGroupSettings Of(SettingValues values) => new()
    {
        MaxSize = values.Int("group.consumer.max.size"),
        Assignors = AssignorNames.Short(values.List("group.consumer.assignors")),
        Migration = Enum.Parse<GroupMigration>(values.Text("group.consumer.migration.policy"), ignoreCase: true),
        RegexRefreshInterval = values.Int("group.consumer.regex.refresh.interval.ms"),
    };
}
