namespace Moldau.Coordination.Transactions;

/// <summary>Where a transactional id stands; numbers and names as they are stored and told.</summary>
public enum TransactionState : sbyte
{
    Empty = 0,
    Ongoing = 1,
    PrepareCommit = 2,
    PrepareAbort = 3,
    CompleteCommit = 4,
    CompleteAbort = 5,

    /// <summary>Never stored; a filter may name it.</summary>
    Dead = 6,

    /// <summary>Never stored; a filter may name it.</summary>
    PrepareEpochFence = 7,
}
