using Moldau.Protocol.Records;

namespace Moldau.Bench.Load;

/// <summary>A transaction as the newest clients speak: the first batch adds its partition, and each end raises the epoch.</summary>
internal static class TransactionRequests
{
    private const short InSync = -1;
    private const int TimeoutMilliseconds = 60_000;

    public static byte[] Start(string id)
    {
        var wire = Wire.Of(22, 1);
        wire.Text(id);
        wire.Int32(TimeoutMilliseconds);
        return wire.Finish();
    }

    /// <summary>The same batch to each partition.</summary>
    public static byte[] Produce(string id, string topic, int partitions, ReadOnlySpan<byte> batch)
    {
        var wire = Wire.Flexible(0, 12);
        wire.CompactText(id);
        wire.Int16(InSync);
        wire.Int32(TimeoutMilliseconds);
        wire.Varint(2);
        wire.CompactText(topic);
        wire.Varint(partitions + 1);
        for (var partition = 0; partition < partitions; partition++)
        {
            wire.Int32(partition);
            wire.Varint(batch.Length + 1);
            wire.Raw(batch);
            wire.Byte(0);
        }

        wire.Byte(0);
        wire.Byte(0);
        return wire.Finish();
    }

    public static byte[] Commit(string id, long producer, short epoch)
    {
        var wire = Wire.Flexible(26, 5);
        wire.CompactText(id);
        wire.Int64(producer);
        wire.Int16(epoch);
        wire.Byte(1);
        wire.Byte(0);
        return wire.Finish();
    }

    /// <summary>One record; each transaction has an epoch of its own, so its sequence begins anew.</summary>
    public static ReadOnlyMemory<byte> Batch(RecordBatchBuilder builder, ReadOnlySpan<byte> value, long producer, short epoch)
    {
        builder.Clear();
        builder.Append(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), OptionalBytes.Null, value);
        return builder.Finish(new BatchOptions { Producer = new ProducerIdentity(producer, epoch, 0), IsTransactional = true });
    }
}
