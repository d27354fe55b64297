using Moldau.Coordination.Shards;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Broker.Coordinators;

/// <summary>Makes the batches of a shard's partition.</summary>
internal sealed class BatchWriter(CompressionType compression)
{
    // A coordinator's batches are no producer's sequence: all begin at 0, and nobody looks.
    private const int Sequence = 0;

    public byte[] Write(ShardBatch batch)
    {
        var producer = batch.Producer is { } transaction ? new ProducerIdentity(transaction.Id, transaction.Epoch, Sequence) : ProducerIdentity.None;
        if (batch.Marker is { } marker)
        {
            using var markers = new RecordBatchBuilder(initialCapacity: 128);
            var type = marker.IsCommit ? ControlRecordType.Commit : ControlRecordType.Abort;
            new TransactionMarker(type, marker.CoordinatorEpoch).AppendTo(markers, batch.Now);
            return markers.Finish(new BatchOptions { Producer = producer with { BaseSequence = -1 }, IsTransactional = true, IsControl = true }).ToArray();
        }

        // Taken from the pool for as long as it takes: a shard may be idle for days.
        using var builder = new RecordBatchBuilder(compression, initialCapacity: batch.Size);
        foreach (var record in batch.Records) builder.Append(record.Timestamp, record.Key, record.Value);
        return builder.Finish(new BatchOptions { Producer = producer, IsTransactional = batch.Producer is not null }).ToArray();
    }
}
