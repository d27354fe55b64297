namespace Moldau.Storage.Producers;

/// <summary>What the state of a producer says to a batch.</summary>
public enum ProducerOutcome : byte
{
    /// <summary>To be appended.</summary>
    New,

    /// <summary>One of the last five batches again: answered with what it was answered with the first time.</summary>
    Duplicate,

    /// <summary>The sequence does not follow the last one.</summary>
    OutOfOrder,

    /// <summary>A new epoch whose first sequence is not 0.</summary>
    EpochNotFromZero,

    /// <summary>
    /// A transactional batch of the second protocol of transactions from a producer without batches here, whose sequence
    /// is not 0: there every transaction starts anew, so something before it was lost.
    /// </summary>
    TransactionNotFromZero,

    /// <summary>The sequence lies above the lowest one whose transaction is being verified: that one was not appended yet.</summary>
    AboveVerified,

    /// <summary>The epoch is an older one: a newer instance of the producer has taken over.</summary>
    StaleEpoch,

    /// <summary>The transaction's coordinator has not confirmed that this partition belongs to an open transaction.</summary>
    NotVerified,

    /// <summary>A batch without transaction from a producer that has one open.</summary>
    OutsideTransaction,

    /// <summary>A marker of a coordinator that has been replaced.</summary>
    StaleCoordinator,
}
