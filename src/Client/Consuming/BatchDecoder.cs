using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;

namespace Moldau.Client.Consuming;

/// <summary>From the batches of an answer to records, whose bytes stay where they came or where they were unpacked to.</summary>
internal static class BatchDecoder
{
    private static readonly RecordHeader[] NoHeaders = [];

    /// <param name="where">Which partition.</param>
    /// <param name="partition">What came of it.</param>
    /// <param name="from">The first offset that is wanted: a batch may begin before it.</param>
    /// <param name="limit">Bytes that one batch may unpack to.</param>
    /// <returns>The records, and the offset to go on from.</returns>
    /// <exception cref="KafkaException">A batch is damaged.</exception>
    public static (List<ReceivedRecord> Records, long Next) Decode(TopicPartition where, FetchResponse.FetchedPartition partition, long from, int limit)
    {
        var records = new List<ReceivedRecord>();
        var aborted = new AbortedRanges(partition);
        var bytes = partition.Records.Bytes;
        var batches = new BatchReader(bytes.Span);
        var next = from;
        try
        {
            while (batches.MoveNext())
            {
                var batch = batches.Current;
                if (batch.LastOffset < from) continue;
                batch.EnsureChecksum();
                if (!aborted.Covers(batch) && !batch.Attributes.IsControl) Append(records, batch, bytes.Slice(batches.Position, batch.Bytes.Length), from, limit);
                next = batch.LastOffset + 1;
            }
        }
        catch (Exception damaged) when (damaged is InvalidBatchException or BufferLimitException or CorruptDataException or UnknownCompressionException)
        {
            throw new KafkaException(ErrorCode.CorruptMessage, $"what was read at offset {next} is damaged: {damaged.Message}; reading on from a later offset passes it over", where.ToString(), damaged) { IsTransient = false };
        }

        return (records, next);
    }

    private static void Append(List<ReceivedRecord> records, in RecordBatch batch, ReadOnlyMemory<byte> memory, long from, int limit)
    {
        // Not given back to its pool: the records are views of it, and nobody says when they are done with.
        var unpacked = new PooledBuffer(0, limit);
        var walk = batch.GetRecords(unpacked);
        var home = batch.Attributes.Compression == CompressionType.None ? memory : unpacked.WrittenMemory;
        var isLogAppendTime = batch.Attributes.IsLogAppendTime;
        while (walk.MoveNext())
        {
            var offset = batch.BaseOffset + walk.OffsetDelta;
            if (offset < from) continue;
            records.Add(new ReceivedRecord(
                offset, isLogAppendTime ? batch.MaxTimestamp : batch.BaseTimestamp + walk.TimestampDelta, isLogAppendTime,
                View(home, walk.Key), View(home, walk.Value), walk.HeaderCount == 0 ? NoHeaders : Headers(home, walk.Headers, walk.HeaderCount)));
        }
    }

    private static RecordHeader[] Headers(ReadOnlyMemory<byte> home, RecordHeaderReader walk, int count)
    {
        var headers = new RecordHeader[count];
        for (var i = 0; walk.MoveNext(); i++) headers[i] = new RecordHeader(walk.Key, View(home, walk.Value));
        return headers;
    }

    /// <summary>The span's bytes as memory: it is a part of <paramref name="home"/>.</summary>
    private static ReadOnlyMemory<byte>? View(ReadOnlyMemory<byte> home, OptionalBytes bytes)
    {
        if (bytes.IsNull) return null;
        if (bytes.Span.IsEmpty) return ReadOnlyMemory<byte>.Empty;
        return home.Span.Overlaps(bytes.Span, out var start) ? home.Slice(start, bytes.Span.Length) : bytes.Span.ToArray();
    }
}
