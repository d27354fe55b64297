namespace Moldau.Storage.Producers;

/// <summary>
/// A transaction that its marker has ended. An aborted one goes into the index of aborted transactions, together with the
/// last stable offset as it was behind the marker.
/// </summary>
/// <param name="ProducerId">Whose it was.</param>
/// <param name="FirstOffset">That of its first batch.</param>
/// <param name="LastOffset">That of its marker.</param>
/// <param name="IsAborted">Whether consumers that read what is committed must pass it over.</param>
/// <param name="LastStableOffset">Below it everything was decided once the marker was there.</param>
public readonly record struct CompletedTransaction(long ProducerId, long FirstOffset, long LastOffset, bool IsAborted, long LastStableOffset);
