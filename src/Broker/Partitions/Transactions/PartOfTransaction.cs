namespace Moldau.Broker.Partitions.Transactions;

/// <summary>Whose transaction a batch belongs to.</summary>
internal readonly record struct PartOfTransaction(string TransactionalId, long ProducerId, short Epoch, TransactionSupport Support);
