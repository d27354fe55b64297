using System.Text;
using Moldau.Client;
using Moldau.Client.Connections;
using Moldau.Client.Fetching;
using Moldau.Client.Sharing;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Unit.Client.Sharing;

/// <summary>Which records of an answer were acquired, and which of the offsets have none.</summary>
public class AcquiredDecoderTests
{
    private readonly SharePartition _partition = new(new TopicPartition("t", 0));

    [Fact]
    public void Only_what_was_acquired_is_given_out_with_its_count()
    {
        var told = Decode([Batch(0, 10), Batch(10, 5, CompressionType.Lz4)], (2, 4, 1), (8, 11, 3), (14, 14, 2));
        Assert.Equal("2x1 3x1 4x1 8x3 9x3 | 10x3 11x3 14x2", told);
    }

    [Fact]
    public void What_compaction_and_the_ends_of_transactions_left_out_is_a_gap()
    {
        // 3 to 4 have no batch at all, 5 is a marker.
        var told = Decode([Batch(0, 3), Marker(5), Batch(6, 2)], (0, 7, 1));
        Assert.Equal("0x1 1x1 2x1 | 6x1 7x1 gap 3-5", told);
    }

    [Fact]
    public void What_is_not_in_the_bytes_any_more_is_no_gap_but_released()
    {
        Assert.Equal("0x1 1x1 unread 2-9", Decode([Batch(0, 2)], (0, 9, 1)));
        Assert.Equal("0x1 1x1 unread 2-3", Decode([Batch(0, 2), Batch(2, 2)[..^5]], (0, 3, 1)));
        Assert.Equal("unread 0-3", Decode([], (0, 3, 1)));
    }

    [Fact]
    public void What_is_damaged_is_released_and_told()
    {
        var damaged = Batch(2, 2);
        damaged[^2] ^= 1;
        Assert.Equal("0x1 1x1 unread 2-5 CorruptMessage", Decode([Batch(0, 2), damaged, Batch(4, 2)], (0, 5, 1)));
    }

    [Fact]
    public void A_batch_of_which_nothing_was_acquired_is_passed_over() =>
        Assert.Equal("5x1", Decode([Batch(0, 5), Batch(5, 5), Batch(10, 5)], (5, 5, 1)));

    private static byte[] Batch(long first, int count, CompressionType codec = CompressionType.None)
    {
        using var builder = new RecordBatchBuilder(codec);
        for (var i = 0; i < count; i++) builder.Append(1_700_000_000_000, OptionalBytes.Null, Encoding.UTF8.GetBytes("value"));
        return builder.Finish(new BatchOptions { BaseOffset = first }).ToArray();
    }

    private static byte[] Marker(long offset)
    {
        using var builder = new RecordBatchBuilder();
        new TransactionMarker(ControlRecordType.Abort, 0).AppendTo(builder, 1_700_000_000_000);
        return builder.Finish(new BatchOptions { BaseOffset = offset, IsControl = true, IsTransactional = true, Producer = new ProducerIdentity(1, 0, -1) }).ToArray();
    }

    private string Decode(byte[][] batches, params (long First, long Last, short Count)[] acquired)
    {
        byte[] bytes = [.. batches.SelectMany(static batch => batch)];
        var frame = AnswerFrame.Allocate(bytes.Length);
        bytes.CopyTo(frame.Array, 0);
        var ranges = acquired.Select(static one => new ShareFetchResponse.Acquired { FirstOffset = one.First, LastOffset = one.Last, DeliveryCount = one.Count }).ToArray();
        var decoder = new AcquiredDecoder(_partition, ranges, new SpareBatches(), now: 7);
        decoder.Run(frame, frame.Bytes, 1 << 20);
        var parts = new List<string>();
        foreach (var batch in decoder.Batches)
        {
            if (parts.Count > 0) parts.Add("|");
            for (var place = 0; place < batch.Count; place++)
            {
                Assert.Equal((batch.OffsetOf(place), 7L), (batch.Batch.OffsetOf(batch[place].Index), batch[place].LockedAt));
                parts.Add($"{batch.OffsetOf(place)}x{batch[place].DeliveryCount}");
            }

            Assert.Equal(batch.Count, batch.Held);
        }

        AcknowledgedSpan? whole = null;
        foreach (var gap in decoder.Gaps)
        {
            Assert.Equal(AcknowledgedSpan.Gap, gap.Type);
            whole = whole is { } before ? before with { Last = gap.Last } : gap;
        }

        if (whole is { } all) parts.Add($"gap {all.First}-{all.Last}");
        foreach (var unread in decoder.Unread)
        {
            Assert.Equal((sbyte)Acknowledgement.Release, unread.Type);
            parts.Add($"unread {unread.First}-{unread.Last}");
        }

        if (decoder.Failure is { } failure) parts.Add($"{failure.Code}");
        return string.Join(' ', parts);
    }
}
