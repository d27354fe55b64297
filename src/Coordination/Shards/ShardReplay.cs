using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Coordination.Shards;

/// <summary>Replays a shard's partition into its machine, batch by batch, before anything is asked of it.</summary>
/// <param name="topic">The partition's, which says what its records are.</param>
public sealed class ShardReplay(string topic, IShardMachine machine) : IDisposable
{
    private readonly PooledBuffer _scratch = new(4096);
    private readonly RecordDecoder _decoder = new(topic);
    private readonly IPrunedMachine? _pruned = machine as IPrunedMachine;

    public long Records { get; private set; }

    /// <exception cref="InvalidBatchException">The batch is damaged.</exception>
    public void Replay(RecordBatch batch)
    {
        TransactionProducer? producer = batch.Attributes.IsTransactional ? new TransactionProducer(batch.ProducerId, batch.ProducerEpoch) : null;
        var records = batch.GetRecords(_scratch);
        while (records.MoveNext())
        {
            if (batch.Attributes.IsControl)
            {
                if (TransactionMarker.TryRead(records, out var marker) && producer is { } ended) machine.ReplayMarker(ended, marker.Type == ControlRecordType.Commit);
                continue;
            }

            Records++;
            if (_decoder.Decode(records.Key, records.Value) is not { } record) continue;
            machine.Replay(record.Key, record.Value, producer);
            _pruned?.Stands(record.Key, record.Value is null, batch.BaseOffset + records.OffsetDelta);
        }
    }

    public void Dispose() => _scratch.Dispose();
}
