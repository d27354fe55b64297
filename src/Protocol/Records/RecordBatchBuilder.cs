using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Records;

/// <summary>
/// Builds one batch at a time: records are encoded straight behind the room for the header, and <see cref="Finish"/> fills
/// that in. Reused, it allocates nothing. Not thread-safe; the bytes it returns are valid until the next
/// <see cref="Clear"/> or <see cref="Append(long, OptionalBytes, OptionalBytes, ReadOnlySpan{RecordHeader})"/>.
/// </summary>
public sealed class RecordBatchBuilder : IDisposable
{
    // Length, attributes, timestamp, offset, key length, value length, header count.
    private const int MaxRecordOverhead =
        RecordVarint.MaxSize32 + 1 + RecordVarint.MaxSize64 + RecordVarint.MaxSize32 * 4;

    private readonly PooledBuffer _records;
    private readonly CompressionType _compression;
    private readonly int _level;
    private PooledBuffer? _compressed;
    private int _count;
    private long _baseTimestamp;
    private long _maxTimestamp;

    /// <param name="compression">The codec for the records.</param>
    /// <param name="level">Its level; the codec's default where null.</param>
    /// <param name="initialCapacity">The room to start with, in bytes.</param>
    public RecordBatchBuilder(CompressionType compression = CompressionType.None, int? level = null, int initialCapacity = 4096)
    {
        _compression = compression;
        _level = Codecs.CheckLevel(compression, level);
        _records = new PooledBuffer(Math.Max(initialCapacity, BatchLayout.HeaderSize));
        Clear();
    }

    public int RecordCount => _count;

    /// <summary>The size so far, before compression.</summary>
    public int UncompressedSize => _records.Length;

    /// <summary>The bytes a record would add, at most.</summary>
    public static int SizeUpperBound(OptionalBytes key, OptionalBytes value, ReadOnlySpan<RecordHeader> headers) =>
        MaxRecordOverhead + Math.Max(0, key.Length) + Math.Max(0, value.Length) + HeadersSize(headers);

    public void Append(long timestamp, OptionalBytes key, OptionalBytes value, ReadOnlySpan<RecordHeader> headers = default)
    {
        if (_count == 0) (_baseTimestamp, _maxTimestamp) = (timestamp, timestamp);
        else if (timestamp > _maxTimestamp) _maxTimestamp = timestamp;

        var timestampDelta = timestamp - _baseTimestamp;
        var headersSize = HeadersSize(headers);
        var size = 1 + RecordVarint.Size(timestampDelta) + RecordVarint.Size(_count)
            + RecordVarint.Size(key.Length) + key.Span.Length
            + RecordVarint.Size(value.Length) + value.Span.Length
            + RecordVarint.Size(headers.Length) + headersSize;
        _records.Reserve(size + RecordVarint.MaxSize32);

        ref var start = ref MemoryMarshal.GetArrayDataReference(_records.Bytes);
        var position = RecordVarint.Write(ref start, _records.Length, size);
        Unsafe.Add(ref start, position++) = 0;
        position = RecordVarint.Write(ref start, position, timestampDelta);
        position = RecordVarint.Write(ref start, position, _count);
        position = WriteBytes(ref start, position, key);
        position = WriteBytes(ref start, position, value);
        position = RecordVarint.Write(ref start, position, headers.Length);
        if (headersSize > 0) position = WriteHeaders(position, headers);
        _records.Advance(position - _records.Length);
        _count++;
    }

    /// <summary>Compresses what is to be compressed, writes the header, and returns the batch.</summary>
    /// <param name="options">What the header says beyond the records themselves.</param>
    public ReadOnlyMemory<byte> Finish(BatchOptions options)
    {
        if (_count == 0) throw new InvalidOperationException("a batch without records; append one first");
        var batch = Compress();
        var header = batch.Bytes.AsSpan(0, batch.Length);
        BinaryPrimitives.WriteInt64BigEndian(header[BatchLayout.BaseOffset..], options.BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(header[BatchLayout.Length..], batch.Length - BatchLayout.LengthOverhead);
        BinaryPrimitives.WriteInt32BigEndian(header[BatchLayout.LeaderEpoch..], options.LeaderEpoch);
        header[BatchLayout.Magic] = BatchLayout.CurrentMagic;
        var attributes = BatchAttributes.Of(_compression, options.LogAppendTime is not null, options.IsTransactional, options.IsControl);
        BinaryPrimitives.WriteInt16BigEndian(header[BatchLayout.Attributes..], attributes.Bits);
        BinaryPrimitives.WriteInt32BigEndian(header[BatchLayout.LastOffsetDelta..], _count - 1);
        BinaryPrimitives.WriteInt64BigEndian(header[BatchLayout.BaseTimestamp..], _baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(header[BatchLayout.MaxTimestamp..], options.LogAppendTime ?? _maxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(header[BatchLayout.ProducerId..], options.Producer.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(header[BatchLayout.ProducerEpoch..], options.Producer.Epoch);
        BinaryPrimitives.WriteInt32BigEndian(header[BatchLayout.BaseSequence..], options.Producer.BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(header[BatchLayout.RecordCount..], _count);
        BatchPatch.SetChecksum(header);
        return batch.WrittenMemory;
    }

    /// <summary>Appends some of its records to another builder: a batch that is too large is sent as several.</summary>
    /// <param name="first">Counted from 0.</param>
    /// <param name="count">How many.</param>
    /// <param name="into">Another one.</param>
    public void CopyRecords(int first, int count, RecordBatchBuilder into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var records = new RecordReader(_records.WrittenSpan[BatchLayout.HeaderSize..], _count);
        while (records.Index + 1 < first + count && records.MoveNext())
        {
            if (records.Index < first) continue;
            var headers = new RecordHeader[records.HeaderCount];
            var reader = records.Headers;
            for (var i = 0; reader.MoveNext(); i++) headers[i] = new RecordHeader(reader.Key, reader.Value.IsNull ? null : reader.Value.Span.ToArray());
            into.Append(_baseTimestamp + records.TimestampDelta, records.Key, records.Value, headers);
        }
    }

    /// <summary>Ready for the next batch; the room stays.</summary>
    public void Clear()
    {
        _records.Clear();
        _records.Reserve(BatchLayout.HeaderSize);
        _records.Advance(BatchLayout.HeaderSize);
        _count = 0;
    }

    public void Dispose()
    {
        _records.Dispose();
        _compressed?.Dispose();
    }

    private PooledBuffer Compress()
    {
        if (_compression == CompressionType.None) return _records;
        _compressed ??= new PooledBuffer(_records.Length);
        _compressed.Clear();
        _compressed.Reserve(BatchLayout.HeaderSize);
        _compressed.Advance(BatchLayout.HeaderSize);
        Codecs.Compress(_compression, _records.WrittenSpan[BatchLayout.HeaderSize..], _compressed, _level);
        return _compressed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteBytes(ref byte start, int position, OptionalBytes bytes)
    {
        position = RecordVarint.Write(ref start, position, bytes.Length);
        var span = bytes.Span;
        span.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, position), span.Length));
        return position + span.Length;
    }

    private static int HeadersSize(ReadOnlySpan<RecordHeader> headers)
    {
        var size = 0;
        foreach (var header in headers)
        {
            var keyLength = Encoding.UTF8.GetByteCount(header.Key);
            var valueLength = header.Value.Bytes.Length;
            size += RecordVarint.Size(keyLength) + keyLength + RecordVarint.Size(valueLength) + Math.Max(0, valueLength);
        }

        return size;
    }

    private int WriteHeaders(int position, ReadOnlySpan<RecordHeader> headers)
    {
        ref var start = ref MemoryMarshal.GetArrayDataReference(_records.Bytes);
        foreach (var header in headers)
        {
            position = RecordVarint.Write(ref start, position, Encoding.UTF8.GetByteCount(header.Key));
            position += Encoding.UTF8.GetBytes(header.Key, _records.Bytes.AsSpan(position));
            position = WriteBytes(ref start, position, header.Value.Bytes);
        }

        return position;
    }
}
