namespace Moldau.Unit.Coordination.Transactions.Simulation;

/// <summary>What can be made wrong around the coordinator, to see whether the simulation notices.</summary>
internal sealed record SimulationBreaks
{
    /// <summary>Markers that are answered and not written: so many in a hundred.</summary>
    public int DroppedMarkers { get; init; }

    /// <summary>Added to the last stable offset.</summary>
    public int StableOffsetError { get; init; }

    /// <summary>Partitions take markers of whatever epochs.</summary>
    public bool SkipsEpochCheck { get; init; }

    /// <summary>A load sets no timers.</summary>
    public bool LosesTimersOnReload { get; init; }

    /// <summary>Replies leave before what they tell is committed.</summary>
    public bool AnswersBeforeCommit { get; init; }
}
