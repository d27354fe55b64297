namespace Moldau.Coordination.Groups;

/// <summary>What the broker's settings say about groups, as it counts now; times are milliseconds unless they say otherwise.</summary>
public sealed record GroupRules
{
    /// <summary>Of committed metadata, in bytes.</summary>
    public int MaxMetadataBytes { get; init; } = 4096;

    public int OffsetRetentionMinutes { get; init; } = 7 * 24 * 60;

    public long OffsetRetentionInterval { get; init; } = 600_000;

    public int MaxClassicSize { get; init; } = int.MaxValue;

    public int MinSessionTimeout { get; init; } = 6_000;

    public int MaxSessionTimeout { get; init; } = 1_800_000;

    public int InitialRebalanceDelay { get; init; } = 3_000;
}
