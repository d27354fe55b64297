namespace Moldau.Coordination.ShareStates;

/// <summary>What is stored of one share-partition. Never changes.</summary>
internal sealed record ShareState
{
    public const int NoEpoch = -1;

    public int SnapshotEpoch { get; init; }

    /// <summary>Of the group when it had the state initialized last.</summary>
    public int StateEpoch { get; init; }

    /// <summary>Of the share-partition's leader, as the last record says.</summary>
    public int LeaderEpoch { get; init; }

    /// <summary>All below is done with; -1 where the leader has not decided yet.</summary>
    public long StartOffset { get; init; } = StateRanges.NoStart;

    /// <summary>How many records at or above the start are done with; -1 where nobody has counted.</summary>
    public int CompleteCount { get; init; } = -1;

    /// <summary>In milliseconds since 1970, as its first snapshot says that was no repetition.</summary>
    public long Created { get; init; }

    public long Written { get; init; }

    public IReadOnlyList<StateRange> Ranges { get; init; } = [];

    /// <summary>Since the last snapshot.</summary>
    public int Updates { get; init; }

    /// <summary>The greatest that was seen: an older leader is refused, also where the state was initialized anew.</summary>
    public int FencedLeaderEpoch { get; init; } = NoEpoch;

    public int FencedStateEpoch { get; init; } = NoEpoch;

    public bool IsFenced(int leaderEpoch) => leaderEpoch != NoEpoch && leaderEpoch < FencedLeaderEpoch;

    public bool IsStale(int stateEpoch) => stateEpoch != NoEpoch && stateEpoch < FencedStateEpoch;
}
