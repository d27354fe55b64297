namespace Moldau.Coordination.Groups.Streams;

/// <summary>What the settings say about a streams group, its own before the broker's; times are milliseconds.</summary>
public sealed record StreamsRules
{
    public int SessionTimeout { get; init; } = 45_000;

    public int HeartbeatInterval { get; init; } = 5_000;

    /// <summary>The shortest time between two assignments; 0 for none.</summary>
    public int AssignmentInterval { get; init; } = 1_000;

    /// <summary>How long a group that was empty waits for further members.</summary>
    public int InitialRebalanceDelay { get; init; } = 3_000;

    /// <summary>Copies of each task that has state.</summary>
    public int StandbyReplicas { get; init; }

    public int MaxSize { get; init; } = int.MaxValue;
}
