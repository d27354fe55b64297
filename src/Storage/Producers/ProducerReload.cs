namespace Moldau.Storage.Producers;

/// <summary>What a reload found: from where the log must be applied again, and the snapshots that had to be removed unread.</summary>
public readonly record struct ProducerReload(long ReplayFrom, IReadOnlyList<CorruptSnapshotException> Unreadable);
