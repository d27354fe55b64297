using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Records;

/// <summary>
/// Writes a batch anew with some of its records, as compaction does. What others rely on stays: base offset and last
/// offset, and with them the producer's last sequence; epochs; the codec; every record's offset and timestamp. Reused, it
/// allocates nothing.
/// </summary>
public sealed class BatchRebuilder : IDisposable
{
    private const long NoTimestamp = -1;
    private const int AttributesSize = 1;

    private readonly PooledBuffer _records = new();
    private readonly byte[] _header = new byte[BatchLayout.HeaderSize];
    private long _originalBase;
    private long? _logAppendTime;
    private long? _deleteHorizon;
    private long _baseTimestamp;
    private long _maxTimestamp;
    private int _count;

    /// <summary>A batch without a record: what is left to say where the log goes on, and where its producer does.</summary>
    /// <param name="original">The batch that it stands for.</param>
    /// <param name="keepsProducer">Whether it still says whose it was; else it holds the place of its offsets alone.</param>
    /// <param name="destination">Where it is appended.</param>
    public static void WriteEmpty(RecordBatch original, bool keepsProducer, PooledBuffer destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var header = destination.GetSpan(BatchLayout.HeaderSize)[..BatchLayout.HeaderSize];
        original.Bytes[..BatchLayout.HeaderSize].CopyTo(header);
        var was = original.Attributes;
        var attributes = BatchAttributes.Of(
            CompressionType.None, was.IsLogAppendTime, keepsProducer && was.IsTransactional, keepsProducer && was.IsControl);
        if (!keepsProducer)
        {
            BinaryPrimitives.WriteInt64BigEndian(header[BatchLayout.ProducerId..], ProducerIdentity.None.ProducerId);
            BinaryPrimitives.WriteInt16BigEndian(header[BatchLayout.ProducerEpoch..], ProducerIdentity.None.Epoch);
            BinaryPrimitives.WriteInt32BigEndian(header[BatchLayout.BaseSequence..], ProducerIdentity.None.BaseSequence);
        }

        Complete(header, attributes, NoTimestamp, original.MaxTimestamp, count: 0);
        destination.Advance(header.Length);
    }

    /// <summary>Begins with a batch; what was begun before is forgotten.</summary>
    /// <param name="original">The batch.</param>
    /// <param name="deleteHorizon">Written into the batch where it has none yet; null leaves it as it is.</param>
    public void Begin(RecordBatch original, long? deleteHorizon)
    {
        original.Bytes[..BatchLayout.HeaderSize].CopyTo(_header);
        _originalBase = original.BaseTimestamp;
        _logAppendTime = original.Attributes.IsLogAppendTime ? original.MaxTimestamp : null;
        _deleteHorizon = original.DeleteHorizon ?? deleteHorizon;
        _records.Clear();
        _count = 0;
    }

    /// <summary>Takes over the record that the reader is at.</summary>
    /// <param name="record">The reader of the batch's records.</param>
    /// <param name="start">Where the record begins.</param>
    public void Keep(scoped in RecordReader record, int start)
    {
        var timestamp = _logAppendTime ?? _originalBase + record.TimestampDelta;
        if (_count == 0) (_baseTimestamp, _maxTimestamp) = (_deleteHorizon ?? timestamp, timestamp);
        else if (timestamp > _maxTimestamp) _maxTimestamp = timestamp;
        _count++;

        var bytes = record.BytesFrom(start);
        var delta = timestamp - _baseTimestamp;
        if (delta == record.TimestampDelta) _records.Write(bytes);
        else WriteWithDelta(bytes, delta);
    }

    /// <summary>Appends the batch of what was taken over, compressed as it was.</summary>
    public void FinishTo(PooledBuffer destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (_count == 0) throw new InvalidOperationException("a batch without records; keep one first, or write an empty one");
        var start = destination.Length;
        destination.Reserve(BatchLayout.HeaderSize);
        destination.Advance(BatchLayout.HeaderSize);
        var attributes = new BatchAttributes(BinaryPrimitives.ReadInt16BigEndian(_header.AsSpan(BatchLayout.Attributes)));
        var codec = attributes.Compression;
        if (codec == CompressionType.None) destination.Write(_records.WrittenSpan);
        else Codecs.Compress(codec, _records.WrittenSpan, destination, Codecs.CheckLevel(codec, null));

        var batch = destination.Bytes.AsSpan(start, destination.Length - start);
        _header.CopyTo(batch);
        if (_deleteHorizon is not null) attributes = attributes.WithDeleteHorizon();
        Complete(batch, attributes, _baseTimestamp, _logAppendTime ?? _maxTimestamp, _count);
    }

    public void Dispose() => _records.Dispose();

    /// <summary>What the records decide of a header.</summary>
    private static void Complete(Span<byte> batch, BatchAttributes attributes, long baseTimestamp, long maxTimestamp, int count)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLayout.Length..], batch.Length - BatchLayout.LengthOverhead);
        BinaryPrimitives.WriteInt16BigEndian(batch[BatchLayout.Attributes..], attributes.Bits);
        BinaryPrimitives.WriteInt64BigEndian(batch[BatchLayout.BaseTimestamp..], baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[BatchLayout.MaxTimestamp..], maxTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLayout.RecordCount..], count);
        BatchPatch.SetChecksum(batch);
    }

    /// <summary>All that follows the timestamp stays as it is; the length in front follows the number's size.</summary>
    private void WriteWithDelta(ReadOnlySpan<byte> record, long delta)
    {
        var position = 0;
        RecordVarint.TryRead(record, ref position, out int _);
        var attributes = record[position];
        position += AttributesSize;
        RecordVarint.TryRead(record, ref position, out long _);
        var rest = record[position..];

        _records.Reserve(RecordVarint.MaxSize32 + AttributesSize + RecordVarint.MaxSize64 + rest.Length);
        ref var start = ref MemoryMarshal.GetArrayDataReference(_records.Bytes);
        var end = RecordVarint.Write(ref start, _records.Length, AttributesSize + RecordVarint.Size(delta) + rest.Length);
        Unsafe.Add(ref start, end) = attributes;
        end = RecordVarint.Write(ref start, end + AttributesSize, delta);
        rest.CopyTo(_records.Bytes.AsSpan(end));
        _records.Advance(end + rest.Length - _records.Length);
    }
}
