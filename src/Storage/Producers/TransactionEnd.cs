using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Storage.Producers;

/// <summary>A transaction's marker, as much of it as the producers' states need to know.</summary>
public readonly record struct TransactionEnd(
    long ProducerId, short Epoch, long Offset, long Timestamp, bool IsAbort, int CoordinatorEpoch)
{
    /// <summary>Reads the one record of a control batch.</summary>
    /// <returns>False where compaction has emptied the batch, or its record ends no transaction.</returns>
    public static bool TryRead(RecordBatch batch, long baseOffset, PooledBuffer scratch, out TransactionEnd end)
    {
        end = default;
        var records = batch.GetRecords(scratch);
        if (!records.MoveNext() || !TransactionMarker.TryRead(records, out var marker)) return false;
        var timestamp = batch.Attributes.IsLogAppendTime ? batch.MaxTimestamp : batch.BaseTimestamp + records.TimestampDelta;
        end = new TransactionEnd(
            batch.ProducerId, batch.ProducerEpoch, baseOffset, timestamp,
            marker.Type == ControlRecordType.Abort, marker.CoordinatorEpoch);
        return true;
    }
}
