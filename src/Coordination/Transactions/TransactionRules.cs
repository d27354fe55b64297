namespace Moldau.Coordination.Transactions;

/// <summary>What is set for all transactions of a broker; times are milliseconds. Asked for anew by each event.</summary>
public sealed record TransactionRules
{
    /// <summary>The level of the feature <c>transaction.version</c>: of it are the transactions that the coordinator itself ends.</summary>
    public short Level { get; init; } = Transaction.FirstWithBump;

    public int LongestTimeout { get; init; } = 900_000;

    /// <summary>A transactional id that was not used for so long is forgotten.</summary>
    public long IdExpiration { get; init; } = 604_800_000;

    /// <summary>How often is looked for such ids.</summary>
    public long IdExpirationInterval { get; init; } = 3_600_000;
}
