using System.Buffers.Binary;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Rows.Logs;

/// <summary>Batches as producers send them.</summary>
internal static class SampleBatch
{
    public const long Timestamp = 1_700_000_000_000;

    private const int RecordSize = 100;

    public static byte[] OfOneRecord(int size = RecordSize, ProducerIdentity? producer = null)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(Timestamp, OptionalBytes.Null, new byte[size]);
        return builder.Finish(new BatchOptions { Producer = producer ?? ProducerIdentity.None }).ToArray();
    }

    /// <summary>As near to a size as records of 100 bytes come.</summary>
    public static byte[] OfSize(int size)
    {
        using var builder = new RecordBatchBuilder();
        var value = new byte[RecordSize];
        while (builder.UncompressedSize + RecordSize < size) builder.Append(Timestamp, OptionalBytes.Null, value);
        return builder.Finish(new BatchOptions()).ToArray();
    }

    /// <summary>A log does not look at the checksum, which covers this.</summary>
    public static void SetSequence(byte[] batch, int sequence) =>
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(BatchLayout.BaseSequence), sequence);
}
