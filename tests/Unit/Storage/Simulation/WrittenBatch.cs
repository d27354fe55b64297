using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Producers;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>A batch that was given to a log, as it must lie there.</summary>
internal sealed class WrittenBatch
{
    private WrittenBatch(byte[] bytes, WrittenBatch? previous)
    {
        Bytes = bytes;
        Previous = previous;
    }

    public byte[] Bytes { get; }

    /// <summary>What the log ended with when this one was given to it.</summary>
    public WrittenBatch? Previous { get; }

    public long BaseOffset { get; private init; }

    public long LastOffset { get; private init; }

    public int Epoch { get; private init; }

    public ProducedBatch Produced { get; private init; }

    public bool HasProducer => Produced.ProducerId >= 0;

    /// <summary>Null for data.</summary>
    public TransactionEnd? End { get; private init; }

    /// <summary>Each record's.</summary>
    public required long[] Timestamps { get; init; }

    public static WrittenBatch Of(byte[] bytes, WrittenBatch? previous)
    {
        var batch = RecordBatch.Read(bytes);
        using var scratch = new PooledBuffer();
        var timestamps = new long[batch.RecordCount];
        var records = batch.GetRecords(scratch);
        for (var i = 0; records.MoveNext(); i++) timestamps[i] = batch.BaseTimestamp + records.TimestampDelta;
        TransactionEnd? end = null;
        if (batch.Attributes.IsControl && TransactionEnd.TryRead(batch, batch.BaseOffset, scratch, out var marker)) end = marker;
        return new WrittenBatch(bytes, previous)
        {
            BaseOffset = batch.BaseOffset,
            LastOffset = batch.LastOffset,
            Epoch = batch.LeaderEpoch,
            Produced = ProducedBatch.Of(batch),
            End = end,
            Timestamps = timestamps,
        };
    }
}
