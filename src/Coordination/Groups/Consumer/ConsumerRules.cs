namespace Moldau.Coordination.Groups.Consumer;

/// <summary>What the settings say about a consumer group, its own before the broker's; times are milliseconds.</summary>
public sealed record ConsumerRules
{
    public int SessionTimeout { get; init; } = 45_000;

    public int HeartbeatInterval { get; init; } = 5_000;

    /// <summary>The shortest time between two assignments; 0 for none.</summary>
    public int AssignmentInterval { get; init; } = 1_000;

    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>Names of those that may be used, the first being the default.</summary>
    public IReadOnlyList<string> Assignors { get; init; } = ["uniform", "range"];

    public int RegexRefreshInterval { get; init; } = 600_000;

    public MigrationPolicy Migration { get; init; } = MigrationPolicy.Bidirectional;
}
