namespace Moldau.Coordination.Shards;

/// <summary>The producer whose transaction a record is written in.</summary>
public readonly record struct TransactionProducer(long Id, short Epoch);
