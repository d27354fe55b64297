namespace Moldau.Storage.Indexes;

/// <summary>
/// A transaction that was aborted: from its first record to its marker; and the last stable offset once it had ended.
/// </summary>
public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset);
