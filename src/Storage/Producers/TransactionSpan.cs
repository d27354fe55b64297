namespace Moldau.Storage.Producers;

/// <summary>A transaction's place in the log; without a last offset while it is open.</summary>
internal readonly record struct TransactionSpan(long ProducerId, long FirstOffset, long LastOffset = ProducerState.NoOffset);
