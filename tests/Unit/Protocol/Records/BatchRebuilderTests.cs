using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Unit.Protocol.Records;

public class BatchRebuilderTests
{
    private const long Horizon = 1_000_000;

    private static readonly RecordHeader[] Headers = [new("trace", "abc"u8.ToArray()), new("empty", null)];

    public static TheoryData<CompressionType> Compressions =>
        [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    [Theory]
    [MemberData(nameof(Compressions))]
    public void What_is_kept_keeps_its_offset_timestamp_key_value_and_headers(CompressionType compression)
    {
        var original = Build(compression);

        var batch = RecordBatch.Read(Rebuild(original, index => index % 3 == 1));

        var was = RecordBatch.Read(original);
        batch.EnsureChecksum();
        Assert.Equal((was.BaseOffset, was.LastOffset, was.LeaderEpoch), (batch.BaseOffset, batch.LastOffset, batch.LeaderEpoch));
        Assert.Equal((was.ProducerId, was.ProducerEpoch, was.BaseSequence, was.LastSequence), (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence));
        Assert.Equal(was.Attributes, batch.Attributes);
        Assert.Equal(Show(was).Where((_, index) => index % 3 == 1), Show(batch));
    }

    [Fact]
    public void The_base_timestamp_is_the_first_kept_and_the_greatest_the_greatest_kept()
    {
        using var builder = new RecordBatchBuilder();
        foreach (var timestamp in (long[])[500, 900, 100, 700, 800]) builder.Append(timestamp, "k"u8.ToArray(), "v"u8.ToArray());

        var batch = RecordBatch.Read(Rebuild(builder.Finish(new BatchOptions()).ToArray(), index => index is 2 or 3));

        Assert.Equal((100, 700), (batch.BaseTimestamp, batch.MaxTimestamp));
        Assert.Equal(["2 100", "3 700"], Show(batch).Select(record => string.Join(' ', record.Split(' ')[..2])));
    }

    [Fact]
    public void A_delete_horizon_stands_in_the_base_timestamp_and_changes_no_records_own()
    {
        var original = Build(CompressionType.None);

        var batch = RecordBatch.Read(Rebuild(original, static _ => true, Horizon));

        batch.EnsureChecksum();
        Assert.True(batch.Attributes.HasDeleteHorizon);
        Assert.Equal((Horizon, Horizon), (batch.BaseTimestamp, batch.DeleteHorizon));
        Assert.Equal(Show(RecordBatch.Read(original)), Show(batch));
        Assert.Equal(RecordBatch.Read(original).MaxTimestamp, batch.MaxTimestamp);

        var again = RecordBatch.Read(Rebuild(batch.Bytes.ToArray(), static index => index > 3, Horizon + 5));
        Assert.Equal(Horizon, again.DeleteHorizon);
        Assert.Equal(Show(batch)[4..], Show(again));
    }

    [Fact]
    public void A_batch_stamped_by_the_broker_keeps_the_brokers_time()
    {
        using var builder = new RecordBatchBuilder();
        foreach (var timestamp in (long[])[500, 900, 100]) builder.Append(timestamp, "k"u8.ToArray(), "v"u8.ToArray());

        var batch = RecordBatch.Read(Rebuild(builder.Finish(new BatchOptions { LogAppendTime = 4_000 }).ToArray(), static index => index > 0));

        Assert.True(batch.Attributes.IsLogAppendTime);
        Assert.Equal((4_000, 4_000), (batch.BaseTimestamp, batch.MaxTimestamp));
    }

    [Fact]
    public void An_empty_batch_keeps_its_offsets_and_its_producer()
    {
        var original = Build(CompressionType.Lz4);
        var was = RecordBatch.Read(original);
        using var destination = new PooledBuffer();

        BatchRebuilder.WriteEmpty(was, keepsProducer: true, destination);

        var batch = RecordBatch.Read(destination.WrittenSpan);
        batch.EnsureChecksum();
        Assert.Equal((0, BatchLayout.HeaderSize), (batch.RecordCount, batch.Bytes.Length));
        Assert.Equal((was.BaseOffset, was.LastOffset, was.LeaderEpoch, was.MaxTimestamp), (batch.BaseOffset, batch.LastOffset, batch.LeaderEpoch, batch.MaxTimestamp));
        Assert.Equal((was.ProducerId, was.ProducerEpoch, was.BaseSequence, was.LastSequence), (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence));
        Assert.Equal(BatchAttributes.Of(CompressionType.None, isTransactional: true), batch.Attributes);
        using var scratch = new PooledBuffer();
        Assert.False(batch.GetRecords(scratch).MoveNext());
    }

    [Fact]
    public void An_empty_batch_that_holds_a_place_belongs_to_no_producer_and_no_transaction()
    {
        var was = RecordBatch.Read(Build(CompressionType.None));
        using var destination = new PooledBuffer();

        BatchRebuilder.WriteEmpty(was, keepsProducer: false, destination);

        var batch = RecordBatch.Read(destination.WrittenSpan);
        batch.EnsureChecksum();
        Assert.False(batch.HasProducerId);
        Assert.Equal(((short)-1, -1, -1), (batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence));
        Assert.Equal(default, batch.Attributes);
        Assert.Equal((was.BaseOffset, was.LastOffset, was.LeaderEpoch), (batch.BaseOffset, batch.LastOffset, batch.LeaderEpoch));
    }

    [Fact]
    public void Rebuilding_allocates_nothing()
    {
        var original = Build(CompressionType.None);
        using var rebuilder = new BatchRebuilder();
        using var scratch = new PooledBuffer();
        using var destination = new PooledBuffer(1 << 16);
        Once(original, rebuilder, scratch, destination);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Once(original, rebuilder, scratch, destination);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Once(byte[] original, BatchRebuilder rebuilder, PooledBuffer scratch, PooledBuffer destination)
        {
            destination.Clear();
            Write(original, rebuilder, scratch, destination, static index => index % 2 == 0, Horizon);
        }
    }

    private static byte[] Build(CompressionType compression)
    {
        using var builder = new RecordBatchBuilder(compression);
        for (var i = 0; i < 200; i++)
        {
            builder.Append(
                50_000 + i * 37 % 20_000, Encoding.UTF8.GetBytes($"key {i % 17}"), i % 7 == 0 ? OptionalBytes.Null : Encoding.UTF8.GetBytes(new string('v', i)),
                i % 2 == 0 ? Headers : default);
        }

        return builder.Finish(new BatchOptions { BaseOffset = 40, LeaderEpoch = 3, Producer = new ProducerIdentity(7, 2, int.MaxValue - 20), IsTransactional = true }).ToArray();
    }

    private static byte[] Rebuild(byte[] original, Func<int, bool> isKept, long? deleteHorizon = null)
    {
        using var rebuilder = new BatchRebuilder();
        using var scratch = new PooledBuffer();
        using var destination = new PooledBuffer();
        Write(original, rebuilder, scratch, destination, isKept, deleteHorizon);
        return destination.WrittenSpan.ToArray();
    }

    private static void Write(byte[] original, BatchRebuilder rebuilder, PooledBuffer scratch, PooledBuffer destination, Func<int, bool> isKept, long? deleteHorizon)
    {
        var batch = RecordBatch.Read(original);
        rebuilder.Begin(batch, deleteHorizon);
        var records = batch.GetRecords(scratch);
        for (var start = 0; records.MoveNext(); start = records.EndPosition)
        {
            if (isKept(records.Index)) rebuilder.Keep(records, start);
        }

        rebuilder.FinishTo(destination);
    }

    private static List<string> Show(RecordBatch batch)
    {
        using var scratch = new PooledBuffer();
        var shown = new List<string>();
        var records = batch.GetRecords(scratch);
        while (records.MoveNext())
        {
            var text = new StringBuilder($"{records.OffsetDelta} {batch.BaseTimestamp + records.TimestampDelta} ");
            text.Append(Convert.ToHexString(records.Key.Span)).Append(' ').Append(records.Value.IsNull ? "null" : Convert.ToHexString(records.Value.Span));
            var headers = records.Headers;
            while (headers.MoveNext()) text.Append($" {headers.Key}={(headers.Value.IsNull ? "null" : Convert.ToHexString(headers.Value.Span))}");
            shown.Add(text.ToString());
        }

        return shown;
    }
}
