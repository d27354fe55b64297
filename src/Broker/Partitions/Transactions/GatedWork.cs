using Moldau.Protocol.Errors;
using Moldau.Storage.Producers;

namespace Moldau.Broker.Partitions.Transactions;

/// <summary>A transactional batch on its way into its partition, as the gate sees it.</summary>
internal abstract class GatedWork : PartitionWork
{
    public abstract PartOfTransaction Part { get; }

    public abstract int Sequence { get; }

    /// <summary>As the writer: the coordinator agrees.</summary>
    public abstract void Admitted(VerificationGuard guard);

    /// <summary>As the writer: it ends here.</summary>
    public abstract void Refused(ErrorCode error, string? message);
}
