namespace Moldau.Storage.Facts;

/// <summary>Doubts that etcd has often and this store hardly ever, for tests of those who stand on either.</summary>
public sealed class FactFaults
{
    /// <summary>Asked once for every transaction, on the writer's thread.</summary>
    public Func<FactTransaction, InjectedOutcome>? Outcome { get; init; }

    /// <summary>Asked for each revision that is read or watched from; the lowest kept revision to claim, or null.</summary>
    public Func<long, long?>? Compacted { get; init; }
}
