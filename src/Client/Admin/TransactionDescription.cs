namespace Moldau.Client.Admin;

/// <summary>A transactional id and its transaction.</summary>
/// <param name="Id">The transactional id.</param>
/// <param name="State">Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort.</param>
/// <param name="ProducerId">The producer that has it.</param>
/// <param name="ProducerEpoch">The epoch of that producer.</param>
/// <param name="Timeout">How long a transaction may stay open.</param>
/// <param name="Since">When the transaction began; null where none is open.</param>
/// <param name="Coordinator">The broker that coordinates it.</param>
/// <param name="Partitions">What takes part.</param>
public sealed record TransactionDescription(
    string Id, string State, long ProducerId, short ProducerEpoch, TimeSpan Timeout, DateTimeOffset? Since, int Coordinator, IReadOnlyList<TopicPartition> Partitions);
