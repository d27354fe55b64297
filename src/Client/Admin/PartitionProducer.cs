namespace Moldau.Client.Admin;

/// <summary>A producer that a partition keeps state of.</summary>
/// <param name="ProducerId">Its id.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="LastSequence">Of its last record; -1 where there is none.</param>
/// <param name="LastWritten">When it wrote last; null where that is not known.</param>
/// <param name="CoordinatorEpoch">Of who wrote its last marker; -1 where there is none.</param>
/// <param name="TransactionStart">The first offset of its open transaction; null where none is open.</param>
public sealed record PartitionProducer(long ProducerId, int Epoch, int LastSequence, DateTimeOffset? LastWritten, int CoordinatorEpoch, long? TransactionStart);
