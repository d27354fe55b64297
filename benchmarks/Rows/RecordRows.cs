using Moldau.Bench.Harness;
using Moldau.Protocol.Checksums;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Rows;

/// <summary>Record batches: what a broker does to each that arrives, and what a client does to each record.</summary>
internal static class RecordRows
{
    private const int BatchSize = 64 * 1024;

    private static uint _checksum;
    private static long _read;

    public static IEnumerable<Row> All()
    {
        foreach (var (size, name) in ((int, string)[])[(100, "100 B"), (1024, "1 KiB")])
        {
            var (batch, count) = Build(size);
            var copy = new byte[batch.Length];
            if (size == 100)
            {
                yield return new Row(
                    "batch of 64 KiB, header and checksum",
                    Unit.NanosecondsPerOperation,
                    new Subject(times => Check(batch, times)),
                    new Subject(times => ChecksumOnly(batch, times)),
                    new Goal(TimesPeer: 1.3, BytesPerOperation: 0)) { Note = "beside its checksum alone" };
            }

            var goals = size == 100 ? (Walk: (double?)5, Encode: (double?)20) : (null, null);
            yield return new Row(
                $"walk records of {name}",
                Unit.NanosecondsPerRecord,
                new Subject(times => Walk(batch, times), count),
                new Subject(times => Copy(batch, copy, times), count),
                new Goal(Value: goals.Walk, BytesPerOperation: 0)) { Note = "batch of 64 KiB, without its checksum, beside copying it" };
            var value = new byte[size];
            yield return new Row(
                $"encode records of {name}",
                Unit.NanosecondsPerRecord,
                new Subject(Encoding(value, count), count),
                new Subject(times => Copy(batch, copy, times), count),
                new Goal(Value: goals.Encode, BytesPerOperation: 0)) { Note = "batch of 64 KiB, with its checksum, beside copying it" };
        }
    }

    private static (byte[] Batch, int Count) Build(int size)
    {
        using var builder = new RecordBatchBuilder();
        var value = new byte[size];
        while (builder.UncompressedSize + size < BatchSize) builder.Append(1_700_000_000_000 + (builder.RecordCount / 10), OptionalBytes.Null, value);
        return (builder.Finish(new BatchOptions()).ToArray(), builder.RecordCount);
    }

    private static void Check(byte[] batch, int times)
    {
        for (; times > 0; times--) RecordBatch.Read(batch).EnsureChecksum();
    }

    private static void ChecksumOnly(byte[] batch, int times)
    {
        for (; times > 0; times--) _checksum += Crc32C.Compute(batch.AsSpan(BatchLayout.ChecksumStart));
    }

    private static void Walk(byte[] batch, int times)
    {
        using var scratch = new PooledBuffer();
        long read = 0;
        for (; times > 0; times--)
        {
            var records = RecordBatch.Read(batch).GetRecords(scratch);
            while (records.MoveNext()) read += records.Value.Length + records.OffsetDelta + records.TimestampDelta;
        }

        _read += read;
    }

    private static Action<int> Encoding(byte[] value, int count)
    {
        var builder = new RecordBatchBuilder(initialCapacity: 2 * BatchSize);
        return times =>
        {
            for (; times > 0; times--)
            {
                builder.Clear();
                for (var i = 0; i < count; i++) builder.Append(1_700_000_000_000 + (i / 10), OptionalBytes.Null, value);
                _read += builder.Finish(new BatchOptions()).Length;
            }
        };
    }

    private static void Copy(byte[] batch, byte[] copy, int times)
    {
        for (; times > 0; times--) batch.AsSpan().CopyTo(copy);
    }
}
