namespace Moldau.Broker.Settings;

/// <summary>Settings of a broker that say the same in different units, or that stand in for each other: the first that has a value counts.</summary>
internal static class SettingSynonyms
{
    private static readonly Dictionary<string, string[]> Families = new(StringComparer.Ordinal)
    {
        ["log.retention.ms"] = ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
        ["log.retention.minutes"] = ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
        ["log.retention.hours"] = ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
        ["log.roll.ms"] = ["log.roll.ms", "log.roll.hours"],
        ["log.roll.hours"] = ["log.roll.ms", "log.roll.hours"],
        ["log.roll.jitter.ms"] = ["log.roll.jitter.ms", "log.roll.jitter.hours"],
        ["log.roll.jitter.hours"] = ["log.roll.jitter.ms", "log.roll.jitter.hours"],
        ["log.flush.interval.ms"] = ["log.flush.interval.ms", "log.flush.scheduler.interval.ms"],
    };

    /// <summary>What counts for the setting, first to last; itself among them. A listener's own setting comes before the broker's.</summary>
    public static string[] Of(string name) =>
        Families.TryGetValue(name, out var family) ? family
        : ListenerSetting.Parse(name) is { } own ? [name, .. Of(own.Setting)]
        : [name];

    /// <summary>How many milliseconds one of the setting is.</summary>
    public static long Milliseconds(string name) =>
        name.EndsWith(".hours", StringComparison.Ordinal) ? 3_600_000 : name.EndsWith(".minutes", StringComparison.Ordinal) ? 60_000 : 1;
}
