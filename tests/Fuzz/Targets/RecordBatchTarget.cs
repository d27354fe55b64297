using System.Buffers.Binary;
using Moldau.Fuzz.Engine;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Fuzz.Targets;

/// <summary>
/// Record batches as a broker and a consumer read them. Checksums are not asked for while reading, since hardly a mutation
/// would pass them; afterwards a sound batch must get a sound checksum from a broker that stamps it.
/// </summary>
internal sealed class RecordBatchTarget : FuzzTarget
{
    private const int Limit = 1 << 20;

    // The buffer doubles up to the limit, and decoders may keep windows and tables of their own.
    private const long Allowed = 8L * Limit;

    public override string Name => "record-batch";

    public override IEnumerable<byte[]> Seeds(int seed)
    {
        foreach (var compression in (CompressionType[])[CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd])
        {
            using var builder = new RecordBatchBuilder(compression);
            builder.Append(1000, "key"u8, "value"u8);
            builder.Append(1001, OptionalBytes.Null, OptionalBytes.Null);
            builder.Append(999, ""u8, new byte[200], [new RecordHeader("trace", new byte[] { 1, 2 }), new RecordHeader("none", null)]);
            var plain = builder.Finish(new BatchOptions()).ToArray();
            yield return plain;
            var stamped = builder.Finish(new BatchOptions { BaseOffset = 5, Producer = new ProducerIdentity(1, 2, 3), IsTransactional = true, LogAppendTime = 7 }).ToArray();
            yield return [.. plain, .. stamped];
        }

        using var marker = new RecordBatchBuilder();
        new TransactionMarker(ControlRecordType.Commit, 3).AppendTo(marker, 1000);
        yield return marker.Finish(new BatchOptions { IsControl = true, IsTransactional = true }).ToArray();
    }

    public override void Read(byte[] input)
    {
        using var scratch = new PooledBuffer(maxLength: Limit);
        var batches = new BatchReader(input);
        while (batches.MoveNext())
        {
            var batch = batches.Current;
            var records = batch.GetRecords(scratch);
            while (records.MoveNext())
            {
                var headers = records.Headers;
                while (headers.MoveNext()) _ = headers.Key;
                if (batch.Attributes.IsControl) TransactionMarker.TryRead(records, out _);
            }

            batch.EnsureRecords(scratch);
        }
    }

    public override bool IsDocumented(Exception exception) => exception is InvalidBatchException;

    public override long AllowedAllocation(int inputLength) => Allowed;

    public override string? Contradiction(byte[] input, Exception? refusal)
    {
        using var scratch = new PooledBuffer(maxLength: Limit);
        return RecordsContradiction(input, scratch) ?? (refusal is null ? StampContradiction(input, scratch) : null);
    }

    /// <summary>The first batch's records, where they are not compressed, as two readers have them.</summary>
    private static string? RecordsContradiction(byte[] input, PooledBuffer scratch)
    {
        RecordReader records;
        RecordBatch batch;
        try
        {
            batch = RecordBatch.Read(input);
            if (batch.Attributes.Compression != CompressionType.None) return null;
            records = batch.GetRecords(scratch);
        }
        catch (InvalidBatchException)
        {
            return null;
        }

        var (fast, plain) = (PlainRecords.Read(records), PlainRecords.Read(batch.Bytes[BatchLayout.Records..], batch.RecordCount));
        return fast == plain ? null : $"the records are\n{fast ?? "refused"}\nbut read plainly\n{plain ?? "refused"}";
    }

    private static string? StampContradiction(byte[] input, PooledBuffer scratch)
    {
        var batches = new BatchReader(input);
        while (batches.MoveNext())
        {
            var stamped = batches.Current.Bytes.ToArray();
            BatchPatch.SetOffsetAndEpoch(stamped, 1234, 5);
            BatchPatch.SetTimestamp(stamped, isLogAppendTime: true, batches.Current.MaxTimestamp ^ 1);
            var again = RecordBatch.Read(stamped);
            again.EnsureChecksum();
            again.EnsureRecords(scratch);
            if (again.BaseOffset != 1234 || !again.Attributes.IsLogAppendTime) return "a stamped batch does not say what was stamped";
            if (BinaryPrimitives.ReadInt32BigEndian(stamped.AsSpan(BatchLayout.RecordCount)) != batches.Current.RecordCount) return "stamping changed the record count";
        }

        return null;
    }
}
