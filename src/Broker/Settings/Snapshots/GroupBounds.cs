namespace Moldau.Broker.Settings.Snapshots;

/// <summary>The broker's settings that bound what a group may be given.</summary>
internal static class GroupBounds
{
    /// <summary>The name of what it must not be below; null where there is none.</summary>
    public static string? Least(string name) => Bound(name, "min");

    /// <summary>The name of what it must not be above; null where there is none.</summary>
    public static string? Most(string name) => Bound(name, "max");

    /// <summary>Kafka names them by one rule: group.consumer.min.session.timeout.ms bounds consumer.session.timeout.ms.</summary>
    private static string? Bound(string name, string which)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var rest = name[(dot + 1)..];
        var bound = rest == "num.standby.replicas" ? $"group.streams.{which}.standby.replicas" : $"group.{name[..dot]}.{which}.{rest}";
        return SettingTables.Broker.Find(bound)?.Name;
    }
}
