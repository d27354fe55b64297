namespace Moldau.Broker.Diagnostics;

/// <summary>A producer that a partition remembers.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="LastSequence">-1 where no batch of it is remembered.</param>
/// <param name="LastOffset">-1 likewise.</param>
/// <param name="LastTimestamp">When it last wrote.</param>
/// <param name="TransactionStart">Where its open transaction begins; null where none is open.</param>
public sealed record ProducerReport(long Id, short Epoch, int LastSequence, long LastOffset, long LastTimestamp, long? TransactionStart);
