using System.Collections.Immutable;

namespace Moldau.Coordination.Transactions;

/// <summary>What is stored of a transactional id: the newest of its records.</summary>
public sealed record Transaction
{
    public const long NoProducerId = -1;
    public const short NoEpoch = -1;

    /// <summary>The first version of transactions in which each end raises the epoch (KIP-890).</summary>
    public const short FirstWithBump = 2;

    /// <summary>Where an epoch is the last one a producer is given: the one above it is for fencing him.</summary>
    public const short LastEpoch = short.MaxValue - 1;

    public required long ProducerId { get; init; }

    /// <summary>As it was before the last record: by it a retry is known whose answer brought a new id.</summary>
    public long PreviousProducerId { get; init; } = NoProducerId;

    /// <summary>Takes over when the transaction has ended; the epochs have run out.</summary>
    public long NextProducerId { get; init; } = NoProducerId;

    public required short Epoch { get; init; }

    public required int TimeoutMilliseconds { get; init; }

    public TransactionState State { get; init; }

    public ImmutableSortedSet<TransactionPartition> Partitions { get; init; } = [];

    /// <summary>-1 where none has begun since the producer's start.</summary>
    public long StartedAt { get; init; } = -1;

    public required long UpdatedAt { get; init; }

    /// <summary>Of the client, or of the broker where that ended the transaction.</summary>
    public short Version { get; init; }

    public bool IsPreparing => State is TransactionState.PrepareCommit or TransactionState.PrepareAbort;

    public bool IsEpochExhausted => Epoch >= LastEpoch;

    public bool Bumps => Version >= FirstWithBump;

    /// <summary>Transactions that another coordinator ends have no timeout; this is its sign.</summary>
    public bool HasTimeout => TimeoutMilliseconds != int.MaxValue;
}
