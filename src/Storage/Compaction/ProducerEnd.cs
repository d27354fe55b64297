namespace Moldau.Storage.Compaction;

/// <summary>Where a producer that a log remembers has come to.</summary>
/// <param name="LastOffset">That of its last batch of data; -1 where it has written none with this epoch.</param>
/// <param name="Epoch">Its epoch.</param>
public readonly record struct ProducerEnd(long LastOffset, short Epoch);
