namespace Moldau.Broker.Settings.Snapshots;

/// <summary>What holds for all streams groups; a group's own are in <see cref="GroupSettings"/>.</summary>
public sealed record StreamsGroupSettings
{
    public required int MaxSize { get; init; }

    internal static StreamsGroupSettings Of(SettingValues values) => new() { MaxSize = values.Int("group.streams.max.size") };
}
