namespace Moldau.Coordination.ShareStates;

/// <summary>What the settings say about share coordinators; times are milliseconds.</summary>
public sealed record ShareStateRules
{
    public int UpdatesPerSnapshot { get; init; } = 500;

    public int ColdSnapshotInterval { get; init; } = 300_000;
}
