namespace Moldau.Broker.Partitions.Transactions;

/// <summary>What a client knows of transactions, by the version of the request in which it sends a part of one.</summary>
internal enum TransactionSupport
{
    /// <summary>It has told the coordinator of the partition before; of errors it knows the old ones.</summary>
    Verified,

    /// <summary>The same; it knows TRANSACTION_ABORTABLE.</summary>
    VerifiedAbortable,

    /// <summary>The partition tells the coordinator (KIP-890), and each transaction has an epoch of its own.</summary>
    Added,
}
