namespace Moldau.Coordination.Shards;

/// <summary>How a transaction has ended, as its marker says.</summary>
/// <param name="BumpsEpoch">Whether the coordinator gives each transaction an epoch of its own.</param>
public readonly record struct MarkerEnd(bool IsCommit, int CoordinatorEpoch, bool BumpsEpoch = false);
