using System.Buffers.Binary;
using Moldau.Protocol.Checksums;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Records;

/// <summary>
/// One batch as it lies in a buffer: its header read in place, nothing copied. <see cref="Read"/> makes sure that the
/// bytes have the shape of a batch; <see cref="EnsureChecksum"/> and <see cref="EnsureRecords"/> look deeper.
/// </summary>
public readonly ref struct RecordBatch
{
    private const int MinRecordSize = 7;

    private readonly ReadOnlySpan<byte> _bytes;

    private RecordBatch(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The whole batch, header included.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_bytes[BatchLayout.BaseOffset..]);

    public int LeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(_bytes[BatchLayout.LeaderEpoch..]);

    public uint Checksum => BinaryPrimitives.ReadUInt32BigEndian(_bytes[BatchLayout.Checksum..]);

    public BatchAttributes Attributes => new(BinaryPrimitives.ReadInt16BigEndian(_bytes[BatchLayout.Attributes..]));

    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(_bytes[BatchLayout.LastOffsetDelta..]);

    public long LastOffset => BaseOffset + LastOffsetDelta;

    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[BatchLayout.BaseTimestamp..]);

    /// <summary>From when on compaction may drop the batch's tombstones or its marker; null where it has not come by yet.</summary>
    public long? DeleteHorizon => Attributes.HasDeleteHorizon ? BaseTimestamp : null;

    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[BatchLayout.MaxTimestamp..]);

    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_bytes[BatchLayout.ProducerId..]);

    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(_bytes[BatchLayout.ProducerEpoch..]);

    /// <summary>The sequence number of the first record; -1 where the producer is not idempotent.</summary>
    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(_bytes[BatchLayout.BaseSequence..]);

    public bool HasProducerId => ProducerId != ProducerIdentity.NoProducerId;

    /// <summary>The sequence number of the last record; they wrap to 0 behind the largest.</summary>
    public int LastSequence => BaseSequence < 0 ? BaseSequence : (int)(((long)BaseSequence + LastOffsetDelta) & int.MaxValue);

    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(_bytes[BatchLayout.RecordCount..]);

    /// <summary>Whether bytes that nobody has checked begin as a transactional batch does.</summary>
    public static bool LooksTransactional(ReadOnlySpan<byte> start) =>
        start.Length > BatchLayout.Attributes + 1 && start[BatchLayout.Magic] == BatchLayout.CurrentMagic
        && new BatchAttributes(BinaryPrimitives.ReadInt16BigEndian(start[BatchLayout.Attributes..])).IsTransactional;

    /// <summary>What the length field in front of a batch says its whole size is; the first 12 bytes suffice.</summary>
    public static int SizeOf(ReadOnlySpan<byte> start)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(start[BatchLayout.Length..]);
        if (length < BatchLayout.HeaderSize - BatchLayout.LengthOverhead)
            throw new InvalidBatchException(BatchFault.BadLength, $"a length of {length}, below the {BatchLayout.HeaderSize - BatchLayout.LengthOverhead} of a header");
        if (length > Array.MaxLength - BatchLayout.LengthOverhead)
            throw new InvalidBatchException(BatchFault.BadLength, $"a length of {length}");
        return length + BatchLayout.LengthOverhead;
    }

    /// <summary>Reads the batch at the start of the bytes; more may follow it.</summary>
    public static RecordBatch Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= BatchLayout.Magic)
            throw new InvalidBatchException(BatchFault.Truncated, $"{bytes.Length} bytes, fewer than the {BatchLayout.HeaderSize} of a header");
        var magic = bytes[BatchLayout.Magic];
        if (magic != BatchLayout.CurrentMagic) throw UnsupportedMagic(magic);
        var size = SizeOf(bytes);
        if (size > bytes.Length) throw new InvalidBatchException(BatchFault.Truncated, $"{size} bytes by its length, but {bytes.Length} are there");

        var batch = new RecordBatch(bytes[..size]);
        // An empty batch keeps its last offset, so that compaction can leave one behind.
        if (batch.RecordCount < 0 || batch.LastOffsetDelta < 0)
        {
            // Damage is named as damage: a producer sends again what was damaged on its way, but not what was wrong at the start.
            batch.EnsureChecksum();
            throw new InvalidBatchException(BatchFault.BadCount, $"{batch.RecordCount} records with a last offset delta of {batch.LastOffsetDelta}");
        }

        return batch;
    }

    public uint ComputeChecksum() => Crc32C.Compute(_bytes[BatchLayout.ChecksumStart..]);

    public void EnsureChecksum()
    {
        var computed = ComputeChecksum();
        if (computed != Checksum) throw new InvalidBatchException(BatchFault.BadChecksum, $"at offset {BaseOffset}: checksum {Checksum:x8}, but its bytes give {computed:x8}");
    }

    /// <summary>Walks the records; compressed ones are decompressed into <paramref name="scratch"/> first, up to its limit.</summary>
    public RecordReader GetRecords(PooledBuffer scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        var records = _bytes[BatchLayout.Records..];
        var compression = Attributes.Compression;
        if (compression != CompressionType.None)
        {
            scratch.Clear();
            BatchCompression.Decompress(compression, records, scratch);
            records = scratch.WrittenSpan;
        }

        // A record takes seven bytes at least: this is what keeps a count from being believed.
        if ((long)RecordCount * MinRecordSize > records.Length)
            throw new InvalidBatchException(BatchFault.BadCount, $"{RecordCount} records in {records.Length} bytes");
        return new RecordReader(records, RecordCount);
    }

    /// <summary>
    /// Walks everything down to the headers of every record, as for a batch fresh from a producer: offsets count up from 0
    /// without a gap, and the count, the last offset and the bytes agree.
    /// </summary>
    public void EnsureRecords(PooledBuffer scratch)
    {
        if (RecordCount == 0 || LastOffsetDelta != RecordCount - 1)
            throw new InvalidBatchException(BatchFault.BadCount, $"{RecordCount} records with a last offset delta of {LastOffsetDelta}");
        var records = GetRecords(scratch);
        while (records.MoveNext())
        {
            records.CheckHeaders();
            if (records.OffsetDelta != records.Index)
                throw new InvalidBatchException(BatchFault.BadRecord, records.Index, $"an offset delta of {records.OffsetDelta}");
        }
    }

    private static InvalidBatchException UnsupportedMagic(byte magic) => new(
        BatchFault.UnsupportedMagic,
        magic < BatchLayout.CurrentMagic
            ? $"the message format of magic {magic}, which Kafka 4 no longer reads; produce with a client of Kafka 0.11 or newer"
            : $"a magic of {magic}, which no known format has");
}
