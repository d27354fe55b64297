namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Over how much time limits are counted.</summary>
public sealed record QuotaSettings
{
    public required int Windows { get; init; }

    public required int WindowSeconds { get; init; }

    /// <summary>For the making and deleting of partitions.</summary>
    public required int MutationWindows { get; init; }

    /// <summary>For the making and deleting of partitions.</summary>
    public required int MutationWindowSeconds { get; init; }

    internal static QuotaSettings Of(SettingValues values) => new()
    {
        Windows = values.Int("quota.window.num"),
        WindowSeconds = values.Int("quota.window.size.seconds"),
        MutationWindows = values.Int("controller.quota.window.num"),
        MutationWindowSeconds = values.Int("controller.quota.window.size.seconds"),
    };
}
