namespace Moldau.Coordination.Groups.Share;

/// <summary>What the settings say about a share group's members, its own before the broker's; times are milliseconds.</summary>
public sealed record ShareRules
{
    public int SessionTimeout { get; init; } = 45_000;

    public int HeartbeatInterval { get; init; } = 5_000;

    /// <summary>The shortest time between two assignments; 0 for none.</summary>
    public int AssignmentInterval { get; init; } = 1_000;

    public int MaxSize { get; init; } = 200;

    /// <summary>After it a partition whose state nobody has confirmed is initialized once more.</summary>
    public int InitializeRetryInterval { get; init; } = 30_000;
}
