using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>
/// Batches in a line of text: records as <c>key=value</c>, <c>key=</c> for a tombstone, <c>=value</c> without a key. Each
/// record's timestamp is its offset.
/// </summary>
internal static class SampleBatch
{
    public static byte[] Data(
        long offset, string records, long producer = -1, int sequence = 0, bool transactional = false,
        CompressionType compression = CompressionType.None, short epoch = 0, long? timestamp = null)
    {
        using var builder = new RecordBatchBuilder(compression);
        foreach (var record in records.Split(' '))
        {
            var (key, value) = (record[..record.IndexOf('=', StringComparison.Ordinal)], record[(record.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            builder.Append(timestamp ?? offset + builder.RecordCount, key.Length == 0 ? OptionalBytes.Null : Bytes(key), value.Length == 0 ? OptionalBytes.Null : Bytes(value));
        }

        return builder.Finish(new BatchOptions
        {
            BaseOffset = offset,
            LeaderEpoch = 1,
            Producer = producer < 0 ? ProducerIdentity.None : new ProducerIdentity(producer, epoch, sequence),
            IsTransactional = transactional,
        }).ToArray();
    }

    public static byte[] Marker(long offset, long producer, bool commits, short epoch = 0, long? timestamp = null)
    {
        using var builder = new RecordBatchBuilder();
        new TransactionMarker(commits ? ControlRecordType.Commit : ControlRecordType.Abort, 3).AppendTo(builder, timestamp ?? offset);
        return builder.Finish(new BatchOptions
        {
            BaseOffset = offset, LeaderEpoch = 1, Producer = new ProducerIdentity(producer, epoch, -1), IsTransactional = true, IsControl = true,
        }).ToArray();
    }

    /// <summary>Batches as text: the offsets, whose it is, its horizon, its records with their offsets.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        using var scratch = new PooledBuffer();
        var shown = new List<string>();
        var batches = new BatchReader(bytes);
        while (batches.MoveNext())
        {
            var batch = batches.Current;
            batch.EnsureChecksum();
            var text = new StringBuilder($"{batch.BaseOffset}-{batch.LastOffset}");
            if (batch.HasProducerId) text.Append($" p{batch.ProducerId}/{batch.BaseSequence}");
            if (batch.Attributes.IsTransactional) text.Append('t');
            if (batch.DeleteHorizon is { } horizon) text.Append($" h{horizon}");
            text.Append(batch.RecordCount == 0 ? " empty" : ":");
            var records = batch.GetRecords(scratch);
            while (records.MoveNext()) text.Append(batch.Attributes.IsControl ? " marker" : $" {batch.BaseOffset + records.OffsetDelta}@{batch.BaseTimestamp + records.TimestampDelta} {Text(records.Key)}={Text(records.Value)}");
            shown.Add(text.ToString());
        }

        return string.Join("; ", shown);
    }

    private static OptionalBytes Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(OptionalBytes bytes) => Encoding.UTF8.GetString(bytes.Span);
}
