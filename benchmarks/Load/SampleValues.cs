using Moldau.Bench.Rows;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Load;

/// <summary>What the loads write.</summary>
internal static class SampleValues
{
    private const int Seed = 1;

    public static byte[] Random(int size)
    {
        var value = new byte[size];
        new Random(Seed).NextBytes(value);
        return value;
    }

    public static byte[] Batch(int records, int recordBytes, int keyBytes = 0)
    {
        using var builder = new RecordBatchBuilder();
        var (key, value, timestamp) = (Random(keyBytes), Random(recordBytes), Now());
        for (var i = 0; i < records; i++) builder.Append(timestamp, keyBytes == 0 ? OptionalBytes.Null : key, value);
        return builder.Finish(new BatchOptions()).ToArray();
    }

    /// <summary>Batches of JSON records, as many bytes each before they are compressed.</summary>
    public static List<byte[]> Compressed(CompressionType codec, int recordBytes, int batchBytes, int count)
    {
        var lines = LogLines.Generate(Seed, count * batchBytes);
        var batches = new List<byte[]>();
        for (var (at, timestamp) = (0, Now()); batches.Count < count;)
        {
            using var builder = new RecordBatchBuilder(codec);
            for (var filled = 0; filled + recordBytes <= batchBytes; filled += recordBytes, at += recordBytes)
                builder.Append(timestamp, OptionalBytes.Null, lines.AsSpan(at % (lines.Length - recordBytes), recordBytes));
            batches.Add(builder.Finish(new BatchOptions()).ToArray());
        }

        return batches;
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
