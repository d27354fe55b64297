using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Unit.Protocol.Records;

public class BatchReaderTests
{
    [Fact]
    public void Batches_follow_each_other_and_a_cut_off_one_ends_the_walk()
    {
        byte[] bytes = [.. Batch(0, 3), .. Batch(3, 1), .. Batch(4, 2)];
        var whole = new BatchReader(bytes);
        var offsets = new List<long>();
        while (whole.MoveNext()) offsets.Add(whole.Current.BaseOffset);
        Assert.Equal([0, 3, 4], offsets);
        Assert.False(whole.HasPartialBatch);

        for (var cut = 1; cut < Batch(4, 2).Length; cut++)
        {
            var partial = new BatchReader(bytes.AsSpan(0, bytes.Length - cut));
            var count = 0;
            while (partial.MoveNext()) count++;
            Assert.Equal(2, count);
            Assert.True(partial.HasPartialBatch);
        }
    }

    [Fact]
    public void An_old_format_is_named_even_where_it_is_cut_off()
    {
        var bytes = Batch(0, 1);
        bytes[BatchLayout.Magic] = 1;
        bytes[BatchLayout.Length] = 0x7F;

        var refused = Assert.Throws<InvalidBatchException>(() => new BatchReader(bytes).MoveNext());

        Assert.Equal(BatchFault.UnsupportedMagic, refused.Fault);
    }

    [Fact]
    public void A_broker_sets_offset_epoch_and_time_in_place()
    {
        var bytes = Batch(0, 2);

        BatchPatch.SetOffsetAndEpoch(bytes, 1_000_000, 9);
        RecordBatch.Read(bytes).EnsureChecksum();
        BatchPatch.SetTimestamp(bytes, isLogAppendTime: true, 777);

        var batch = RecordBatch.Read(bytes);
        batch.EnsureChecksum();
        Assert.Equal((1_000_000L, 9, true, 777L), (batch.BaseOffset, batch.LeaderEpoch, batch.Attributes.IsLogAppendTime, batch.MaxTimestamp));
    }

    [Fact]
    public void The_end_of_a_transaction_is_a_control_batch()
    {
        using var builder = new RecordBatchBuilder();
        new TransactionMarker(ControlRecordType.Commit, 12).AppendTo(builder, 5);
        var bytes = builder.Finish(new BatchOptions { IsControl = true, IsTransactional = true, Producer = new ProducerIdentity(4, 1, -1) }).ToArray();

        var batch = RecordBatch.Read(bytes);
        using var scratch = new Moldau.Protocol.Compression.PooledBuffer();
        var records = batch.GetRecords(scratch);
        Assert.True(records.MoveNext());
        Assert.True(TransactionMarker.TryRead(records, out var marker));

        Assert.True(batch.Attributes.IsControl);
        Assert.Equal(new TransactionMarker(ControlRecordType.Commit, 12), marker);
        Assert.Equal([0, 0, 0, 1], records.Key.Span.ToArray());
        Assert.Equal([0, 0, 0, 0, 0, 12], records.Value.Span.ToArray());
    }

    [Fact]
    public void A_control_record_of_another_type_is_passed_over_and_a_short_one_refused()
    {
        Assert.False(ReadMarker([0, 0, 0, 5], []));
        Assert.Throws<InvalidBatchException>(() => ReadMarker([0, 0, 0], [0, 0, 0, 0, 0, 12]));
        Assert.Throws<InvalidBatchException>(() => ReadMarker([0, 0, 0, 1], [0, 0, 0, 0, 0]));
    }

    private static bool ReadMarker(byte[] key, byte[] value)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(0, key, value);
        using var scratch = new Moldau.Protocol.Compression.PooledBuffer();
        var records = RecordBatch.Read(builder.Finish(new BatchOptions { IsControl = true }).Span).GetRecords(scratch);
        records.MoveNext();
        return TransactionMarker.TryRead(records, out _);
    }

    private static byte[] Batch(long baseOffset, int records)
    {
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < records; i++) builder.Append(100 + i, OptionalBytes.Null, "value"u8);
        return builder.Finish(new BatchOptions { BaseOffset = baseOffset }).ToArray();
    }
}
