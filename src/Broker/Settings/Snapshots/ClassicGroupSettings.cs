namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Groups of the classic protocol, and what all groups have in common; times are milliseconds.</summary>
public sealed record ClassicGroupSettings
{
    /// <summary>The protocols groups may speak: classic, consumer, share, streams.</summary>
    public required IReadOnlyList<string> Protocols { get; init; }

    public required int MaxSize { get; init; }

    public required int MinSessionTimeout { get; init; }

    public required int MaxSessionTimeout { get; init; }

    public required int InitialRebalanceDelay { get; init; }

    internal static ClassicGroupSettings Of(SettingValues values) => new()
    {
        Protocols = values.List("group.coordinator.rebalance.protocols"),
        MaxSize = values.Int("group.max.size"),
        MinSessionTimeout = values.Int("group.min.session.timeout.ms"),
        MaxSessionTimeout = values.Int("group.max.session.timeout.ms"),
        InitialRebalanceDelay = values.Int("group.initial.rebalance.delay.ms"),
    };
}
