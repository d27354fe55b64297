using System.Runtime.InteropServices;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;

namespace Moldau.Broker.Partitions.Validation;

/// <summary>
/// Looks at what a producer sent for one partition, down to each record, and makes of it what goes into the log: nearly
/// always the very same bytes with a timestamp patched, a new batch only where the topic asks for another codec. It has
/// memory of its own and one user at a time.
/// </summary>
internal sealed class BatchValidator : IDisposable
{
    /// <summary>What the records of a batch may decompress to: far more than any topic takes, and no bomb.</summary>
    private const int MostRecordBytes = 256 * 1024 * 1024;

    private const int MostFaults = 1000;
    private const short FirstWithZstd = 7;
    private const long NoTimestamp = -1;

    private readonly PooledBuffer _scratch = new(maxLength: MostRecordBytes);
    private readonly List<RecordFault> _faults = [];
    private RecordBatchBuilder? _builder;

    /// <param name="records">What was sent; patched in place.</param>
    /// <param name="version">Of the produce request.</param>
    /// <param name="rules">The topic's.</param>
    /// <param name="now">The broker's clock.</param>
    /// <param name="batch">What is to be appended, where the verdict is a good one; valid until the next call.</param>
    public BatchVerdict Check(Memory<byte> records, short version, TopicSettings rules, long now, out Memory<byte> batch)
    {
        batch = records;
        try
        {
            return Check(records.Span, version, rules, now, ref batch);
        }
        catch (InvalidBatchException invalid)
        {
            return Verdict(invalid);
        }
        finally
        {
            _scratch.Clear();
        }
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _builder?.Dispose();
    }

    private BatchVerdict Check(Span<byte> records, short version, TopicSettings rules, long now, ref Memory<byte> result)
    {
        if (records.IsEmpty) return Malformed("no record batch; each partition of a request has exactly one");
        if (records.Length > BatchLayout.Magic && records[BatchLayout.Magic] < BatchLayout.CurrentMagic)
            return Malformed($"messages of format {records[BatchLayout.Magic]}; this version of Produce has record batches, of format {BatchLayout.CurrentMagic}");
        if (records.Length < BatchLayout.HeaderSize || RecordBatch.SizeOf(records) > records.Length)
            return Malformed($"{records.Length} bytes, which are a part of a record batch");
        var batch = RecordBatch.Read(records);
        if (batch.Bytes.Length != records.Length)
            return Malformed($"{records.Length - batch.Bytes.Length} bytes behind the first record batch; each partition of a request has exactly one");
        var attributes = batch.Attributes;
        if (attributes.Compression == CompressionType.Zstd && version < FirstWithZstd)
            return new BatchVerdict(ErrorCode.UnsupportedCompressionType, $"zstd in version {version} of Produce; it came with version {FirstWithZstd}");
        if (batch.BaseOffset != 0) return Invalid($"a base offset of {batch.BaseOffset}; a producer's is 0");
        if (batch.Bytes.Length > rules.MaxMessageBytes)
            return new BatchVerdict(ErrorCode.MessageTooLarge, $"a record batch of {batch.Bytes.Length} bytes; the topic's max.message.bytes is {rules.MaxMessageBytes}");
        batch.EnsureChecksum();
        if (attributes.IsControl) return Invalid("a control batch; only the broker writes those");
        if (attributes.IsLogAppendTime)
            return new BatchVerdict(ErrorCode.InvalidTimestamp, "a batch that says its timestamps are the broker's; a producer's are of type CreateTime") { TellsStart = true };
        if (batch.RecordCount == 0 || batch.LastOffsetDelta != batch.RecordCount - 1)
            return Invalid($"{batch.RecordCount} records with a last offset delta of {batch.LastOffsetDelta}");
        if (batch.HasProducerId && batch.BaseSequence < 0) return Invalid($"a sequence number of {batch.BaseSequence} from producer {batch.ProducerId}");
        if (attributes.IsTransactional && !batch.HasProducerId) return Invalid("a transactional batch without a producer id");

        var isAppendTime = rules.TimestampType == TimestampType.LogAppendTime;
        var verdict = CheckRecords(batch, rules, now, out var maxTimestamp);
        if (!verdict.IsSound) return verdict;
        var target = rules.Compression.Type ?? attributes.Compression;
        if (target != attributes.Compression) result = Recompress(batch, rules, target, now);
        else BatchPatch.SetTimestamp(records, isAppendTime, isAppendTime ? now : maxTimestamp);
        return BatchVerdict.Sound;
    }

    private BatchVerdict CheckRecords(RecordBatch batch, TopicSettings rules, long now, out long maxTimestamp)
    {
        maxTimestamp = NoTimestamp;
        var isAppendTime = rules.TimestampType == TimestampType.LogAppendTime;
        var isCompacted = rules.Log.Compacts;
        var baseTimestamp = batch.BaseTimestamp;
        var oldest = isAppendTime || rules.TimestampBeforeMax >= now ? long.MinValue : now - rules.TimestampBeforeMax;
        var youngest = isAppendTime || rules.TimestampAfterMax > long.MaxValue - now ? long.MaxValue : now + rules.TimestampAfterMax;
        var isTimeWrong = false;
        _faults.Clear();
        var records = batch.GetRecords(_scratch);
        while (records.MoveNext())
        {
            records.CheckHeaders();
            if (records.OffsetDelta != records.Index)
                throw new InvalidBatchException(BatchFault.BadRecord, records.Index, $"an offset delta of {records.OffsetDelta}");
            var timestamp = baseTimestamp + records.TimestampDelta;
            if (timestamp > maxTimestamp) maxTimestamp = timestamp;
            if (isCompacted && records.Key.IsNull) Fault(records.Index, "no key, which a compacted topic needs");
            else if ((timestamp < oldest || timestamp > youngest) && timestamp != NoTimestamp)
            {
                isTimeWrong = true;
                Fault(records.Index, $"timestamp {timestamp} is out of range; at {now} the topic takes {Math.Max(oldest, 0)} to {youngest}");
            }
        }

        if (_faults.Count == 0) return BatchVerdict.Sound;
        var first = _faults[0];
        return new BatchVerdict(
            isTimeWrong ? ErrorCode.InvalidTimestamp : ErrorCode.InvalidRecord,
            $"{_faults.Count} of {batch.RecordCount} records are refused; record {first.Index}: {first.Message}",
            [.. _faults]) { TellsStart = true };
    }

    private void Fault(int index, string message)
    {
        if (_faults.Count < MostFaults) _faults.Add(new RecordFault(index, message));
    }

    private Memory<byte> Recompress(RecordBatch batch, TopicSettings rules, CompressionType target, long now)
    {
        _builder?.Dispose();
        _builder = new RecordBatchBuilder(target, rules.Compression.Level, Math.Max(4096, batch.Bytes.Length));
        var headers = new List<RecordHeader>();
        var records = batch.GetRecords(_scratch);
        while (records.MoveNext())
        {
            headers.Clear();
            var reader = records.Headers;
            while (reader.MoveNext()) headers.Add(new RecordHeader(reader.Key, reader.Value.IsNull ? (byte[]?)null : reader.Value.Span.ToArray()));
            _builder.Append(batch.BaseTimestamp + records.TimestampDelta, records.Key, records.Value, CollectionsMarshal.AsSpan(headers));
        }

        var made = _builder.Finish(new BatchOptions
        {
            Producer = new ProducerIdentity(batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence),
            IsTransactional = batch.Attributes.IsTransactional,
            LogAppendTime = rules.TimestampType == TimestampType.LogAppendTime ? now : null,
        });
        return MemoryMarshal.AsMemory(made);
    }

    private static BatchVerdict Malformed(string message) => new(ErrorCode.InvalidRecord, message);

    private static BatchVerdict Invalid(string message) => new(ErrorCode.InvalidRecord, message) { TellsStart = true };

    private static BatchVerdict Verdict(InvalidBatchException invalid) => new(
        invalid.Fault switch
        {
            BatchFault.BadChecksum or BatchFault.Truncated or BatchFault.BadLength or BatchFault.BadCompression => ErrorCode.CorruptMessage,
            BatchFault.UnknownCompression => ErrorCode.UnsupportedCompressionType,
            BatchFault.TooLarge => ErrorCode.MessageTooLarge,
            BatchFault.UnsupportedMagic => ErrorCode.CorruptMessage,
            _ => ErrorCode.InvalidRecord,
        },
        invalid.Message) { TellsStart = invalid.Fault is not (BatchFault.BadChecksum or BatchFault.Truncated or BatchFault.BadLength or BatchFault.UnsupportedMagic) };
}
