using System.Buffers.Binary;
using System.Text;
using Moldau.Protocol.Checksums;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Unit.Protocol.Records;

public class RecordBatchTests
{
    private static readonly RecordHeader[] TwoHeaders = [new("trace", "abc"u8.ToArray()), new("empty", null)];

    public static TheoryData<CompressionType> Compressions =>
        [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    [Theory]
    [MemberData(nameof(Compressions))]
    public void What_was_appended_is_read_back(CompressionType compression)
    {
        using var builder = new RecordBatchBuilder(compression);
        for (var i = 0; i < 500; i++)
        {
            builder.Append(1_000 + i, i % 3 == 0 ? OptionalBytes.Null : Text($"key {i}"), i % 5 == 0 ? OptionalBytes.Null : Text($"value {i}"), i % 2 == 0 ? TwoHeaders : default);
        }

        var batch = RecordBatch.Read(builder.Finish(new BatchOptions { BaseOffset = 42, LeaderEpoch = 7 }).Span);

        batch.EnsureChecksum();
        Assert.Equal(42, batch.BaseOffset);
        Assert.Equal(42 + 499, batch.LastOffset);
        Assert.Equal(7, batch.LeaderEpoch);
        Assert.Equal(1_000, batch.BaseTimestamp);
        Assert.Equal(1_499, batch.MaxTimestamp);
        Assert.Equal(compression, batch.Attributes.Compression);
        Assert.False(batch.HasProducerId);

        using var scratch = new PooledBuffer();
        batch.EnsureRecords(scratch);
        var records = batch.GetRecords(scratch);
        for (var i = 0; i < 500; i++)
        {
            Assert.True(records.MoveNext());
            Assert.Equal(i, records.OffsetDelta);
            Assert.Equal(i, records.TimestampDelta);
            Assert.Equal(i % 3 == 0 ? null : $"key {i}", Text(records.Key));
            Assert.Equal(i % 5 == 0 ? null : $"value {i}", Text(records.Value));
            Assert.Equal(i % 2 == 0 ? "trace=abc empty=" : "", Headers(records));
        }

        Assert.False(records.MoveNext());
    }

    [Fact]
    public void The_producer_and_the_flags_stand_in_the_header()
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(5, Text("k"), Text("v"));
        builder.Append(3, Text("k"), Text("v"));

        var batch = RecordBatch.Read(builder.Finish(new BatchOptions
        {
            Producer = new ProducerIdentity(99, 3, int.MaxValue),
            IsTransactional = true,
            LogAppendTime = 12_345,
        }).Span);

        Assert.True(batch.Attributes.IsTransactional);
        Assert.False(batch.Attributes.IsControl);
        Assert.True(batch.Attributes.IsLogAppendTime);
        Assert.Equal(12_345, batch.MaxTimestamp);
        Assert.Equal((99L, (short)3, int.MaxValue), (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence));
        Assert.Equal(0, batch.LastSequence); // sequences wrap behind the largest number
    }

    [Fact]
    public void A_known_batch_has_known_bytes()
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(0x0102, Text("k"), Text("v"), [new RecordHeader("h", null)]);

        var bytes = builder.Finish(new BatchOptions { BaseOffset = 1, LeaderEpoch = 2 }).ToArray();

        // length, attributes, timestamp delta, offset delta, key, value, one header with a null value
        byte[] record = [0x16, 0x00, 0x00, 0x00, 0x02, (byte)'k', 0x02, (byte)'v', 0x02, 0x02, (byte)'h', 0x01];
        Assert.Equal(record, bytes[61..]);
        Assert.Equal(73, bytes.Length);
        Assert.Equal(73 - 12, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8)));
        Assert.Equal(2, bytes[16]);
        Assert.Equal(Crc32C.Compute(bytes.AsSpan(21)), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(17)));
    }

    [Fact]
    public void A_header_without_a_value_is_not_one_of_no_bytes()
    {
        byte[]? none = null;

        Assert.True(new RecordHeader("h", none).Value.IsNull);
        Assert.True((new RecordHeader("h", []) with { Value = none }).Value.IsNull);
        Assert.Equal((false, 0), (new RecordHeader("h", []).Value.IsNull, new RecordHeader("h", []).Value.Memory.Length));
    }

    [Fact]
    public void Every_cut_of_a_batch_is_refused()
    {
        var bytes = SmallBatch();
        for (var length = 0; length < bytes.Length; length++)
        {
            var refused = Refused(bytes.AsSpan(0, length));
            Assert.Equal(BatchFault.Truncated, refused.Fault);
        }
    }

    [Fact]
    public void Every_flipped_bit_behind_the_checksum_is_noticed_as_damage()
    {
        var bytes = SmallBatch();
        for (var bit = BatchLayout.ChecksumStart * 8; bit < bytes.Length * 8; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(BatchFault.BadChecksum, Refused(damaged).Fault);
        }
    }

    [Theory]
    [InlineData(0, "magic 0")]
    [InlineData(1, "magic 1")]
    [InlineData(3, "a magic of 3")]
    public void Other_formats_are_refused_by_name(byte magic, string named)
    {
        var bytes = SmallBatch();
        bytes[BatchLayout.Magic] = magic;

        var refused = Refused(bytes);

        Assert.Equal(BatchFault.UnsupportedMagic, refused.Fault);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(48)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void A_length_that_no_batch_has_is_refused(int length)
    {
        var bytes = SmallBatch();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(BatchLayout.Length), length);

        Assert.Equal(BatchFault.BadLength, Refused(bytes).Fault);
    }

    [Fact]
    public void A_count_the_bytes_cannot_hold_is_refused_before_anything_is_walked()
    {
        var bytes = SmallBatch();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(BatchLayout.RecordCount), 1_000_000);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(BatchLayout.LastOffsetDelta), 999_999);

        Assert.Equal(BatchFault.BadCount, RefusedRecords(bytes).Fault);
    }

    [Fact]
    public void Counts_that_disagree_are_refused()
    {
        foreach (var count in new[] { 0, 1, 3 })
        {
            var bytes = SmallBatch();
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(BatchLayout.RecordCount), count);
            Assert.Equal(BatchFault.BadCount, RefusedRecords(bytes).Fault);

            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(BatchLayout.LastOffsetDelta), count - 1);
            if (count > 0) Assert.Contains(RefusedRecords(bytes).Fault, new[] { BatchFault.BadCount, BatchFault.BadRecord });
        }
    }

    [Fact]
    public void No_byte_of_the_records_can_be_set_to_anything_that_reads_past_the_batch()
    {
        var bytes = SmallBatch();
        using var scratch = new PooledBuffer();
        for (var position = BatchLayout.Records; position < bytes.Length; position++)
        {
            for (var value = 0; value < 256; value++)
            {
                var damaged = (byte[])bytes.Clone();
                damaged[position] = (byte)value;
                try
                {
                    RecordBatch.Read(damaged).EnsureRecords(scratch);
                }
                catch (InvalidBatchException refused)
                {
                    Assert.Contains(refused.Fault, new[] { BatchFault.BadRecord, BatchFault.BadCount });
                }
            }
        }
    }

    [Fact]
    public void A_bomb_stops_at_the_limit()
    {
        using var builder = new RecordBatchBuilder(CompressionType.Gzip);
        builder.Append(0, OptionalBytes.Null, new byte[1_000_000]);
        var bytes = builder.Finish(new BatchOptions()).ToArray();

        using var scratch = new PooledBuffer(maxLength: 100_000);
        var refused = Assert.Throws<InvalidBatchException>(() => RecordBatch.Read(bytes).EnsureRecords(scratch));

        Assert.Equal(BatchFault.TooLarge, refused.Fault);
        Assert.Contains("100000", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_codec_is_refused_by_its_number()
    {
        var bytes = SmallBatch();
        bytes[BatchLayout.Attributes + 1] = 6;

        var refused = RefusedRecords(bytes);

        Assert.Equal(BatchFault.UnknownCompression, refused.Fault);
        Assert.Contains("6", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_builder_that_is_cleared_starts_over_and_allocates_nothing()
    {
        using var builder = new RecordBatchBuilder(initialCapacity: 64 * 1024);
        var value = new byte[100];
        Fill(builder, value);
        var first = builder.Finish(new BatchOptions()).ToArray();

        var before = GC.GetAllocatedBytesForCurrentThread();
        builder.Clear();
        Fill(builder, value);
        var second = builder.Finish(new BatchOptions());
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(second.Span.SequenceEqual(first));
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_level_the_codec_does_not_have_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordBatchBuilder(CompressionType.Gzip, level: 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordBatchBuilder(CompressionType.Snappy, level: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordBatchBuilder(CompressionType.Zstd, level: 23));
    }

    private static void Fill(RecordBatchBuilder builder, byte[] value)
    {
        for (var i = 0; i < 300; i++) builder.Append(i, OptionalBytes.Null, value);
    }

    private static byte[] SmallBatch()
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(10, Text("first"), Text("one"), TwoHeaders);
        builder.Append(11, OptionalBytes.Null, Text("two"));
        return builder.Finish(new BatchOptions { BaseOffset = 3 }).ToArray();
    }

    private static InvalidBatchException Refused(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RecordBatch.Read(bytes).EnsureChecksum();
        }
        catch (InvalidBatchException refused)
        {
            return refused;
        }

        throw new Xunit.Sdk.XunitException("the batch was accepted");
    }

    private static InvalidBatchException RefusedRecords(byte[] bytes)
    {
        using var scratch = new PooledBuffer();
        return Assert.Throws<InvalidBatchException>(() => RecordBatch.Read(bytes).EnsureRecords(scratch));
    }

    private static OptionalBytes Text(string text) => Encoding.UTF8.GetBytes(text);

    private static string? Text(OptionalBytes bytes) => bytes.IsNull ? null : Encoding.UTF8.GetString(bytes.Span);

    private static string Headers(RecordReader records)
    {
        var text = new List<string>();
        var headers = records.Headers;
        while (headers.MoveNext()) text.Add($"{headers.Key}={Text(headers.Value)}");
        return string.Join(' ', text);
    }
}
