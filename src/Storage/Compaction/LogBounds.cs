namespace Moldau.Storage.Compaction;

/// <summary>The offsets of a log that bound its compaction.</summary>
/// <param name="Start">Where the log begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="LastStable">Below it every transaction is decided, and every record is on the replicas that count.</param>
/// <param name="RecoveryPoint">Below it everything is on disk: what replaces it is then as durable as it was.</param>
/// <param name="Compacted">Up to where it was compacted, by the checkpoint; null where it never was.</param>
public readonly record struct LogBounds(long Start, long End, long LastStable, long RecoveryPoint, long? Compacted);
