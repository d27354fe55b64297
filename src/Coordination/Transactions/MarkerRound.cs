namespace Moldau.Coordination.Transactions;

/// <summary>The partitions of a transaction that have not acknowledged its marker yet.</summary>
internal sealed class MarkerRound(string id, Transaction transaction)
{
    public string Id { get; } = id;

    public Transaction Transaction { get; } = transaction;

    public SortedSet<TransactionPartition> Left { get; } = [.. transaction.Partitions];

    /// <summary>How often it was asked in vain.</summary>
    public int Failures { get; set; }
}
