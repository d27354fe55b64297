using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Compaction;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>What becomes of records by their keys: the latest of each stays, a tombstone for its time.</summary>
public class KeyRuleTests
{
    private const long Past = FilteredLog.Now + FilteredLog.DeleteRetention;

    [Fact]
    public void The_latest_record_of_each_key_stays_where_it_is()
    {
        var log = new FilteredLog(
            SampleBatch.Data(0, "a=1 b=1 c=1"), SampleBatch.Data(3, "a=2"), SampleBatch.Data(4, "b=2 d=1"), SampleBatch.Data(6, "d=2"));

        Assert.Equal("0-2: 2@2 c=1; 3-3: 3@3 a=2; 4-5: 4@4 b=2; 6-6: 6@6 d=2", log.Pass());
        Assert.Equal((7, 4), (log.Counts.RecordsRead, log.Counts.RecordsKept));
    }

    [Fact]
    public void What_nothing_is_dropped_from_stays_as_it_lies()
    {
        byte[][] batches = [SampleBatch.Data(0, "a=1 b=1"), SampleBatch.Data(2, "c=1", producer: 4), SampleBatch.Data(3, "d=1", compression: CompressionType.Zstd)];

        var expected = SampleBatch.Show([.. batches[0], .. batches[1], .. batches[2]]);

        Assert.Equal(expected, new FilteredLog(batches).Pass());
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void A_compressed_batch_is_rebuilt_in_its_codec(CompressionType compression) =>
        Assert.Equal("0-2: 1@1 b=1; 3-3: 3@3 a=2; 4-4: 4@4 c=2", new FilteredLog(
            SampleBatch.Data(0, "a=1 b=1 c=1", compression: compression), SampleBatch.Data(3, "a=2"), SampleBatch.Data(4, "c=2")).Pass());

    [Fact]
    public void A_record_without_a_key_does_not_stay()
    {
        var log = new FilteredLog(SampleBatch.Data(0, "=1 a=1 =2"), SampleBatch.Data(3, "=3"));

        Assert.Equal("0-2: 1@1 a=1", log.Pass());
        Assert.Equal(3, log.Counts.KeylessDropped);
    }

    [Fact]
    public void A_tombstone_gets_its_horizon_when_what_it_deletes_goes_and_itself_goes_behind_it()
    {
        var log = new FilteredLog(SampleBatch.Data(0, "a=1 b=1"), SampleBatch.Data(2, "a= c=1"));

        Assert.Equal($"0-1: 1@1 b=1; 2-3 h{Past}: 2@2 a= 3@3 c=1", log.Pass());
        Assert.Equal($"0-1: 1@1 b=1; 2-3 h{Past}: 2@2 a= 3@3 c=1", log.Pass(Past - 1));
        Assert.Equal($"0-1: 1@1 b=1; 2-3 h{Past}: 3@3 c=1", log.Pass(Past));
    }

    [Fact]
    public void A_later_value_undoes_a_tombstone_and_a_later_tombstone_has_a_time_of_its_own()
    {
        var log = new FilteredLog(SampleBatch.Data(0, "a="), SampleBatch.Data(1, "a=1"), SampleBatch.Data(2, "b="));
        Assert.Equal($"1-1: 1@1 a=1; 2-2 h{Past}: 2@2 b=", log.Pass());

        var again = new FilteredLog(SampleBatch.Data(0, "a="), SampleBatch.Data(1, "a="));
        Assert.Equal($"1-1 h{Past + 7}: 1@1 a=", again.Pass(FilteredLog.Now + 7));
    }

    [Fact]
    public void Where_the_map_is_full_the_pass_ends_and_what_follows_stays_as_it_is()
    {
        // 16 slots, half of them: eight keys.
        var log = new FilteredLog(
            SampleBatch.Data(0, "a=1 b=1 c=1 d=1"), SampleBatch.Data(4, "e=1 f=1 a=2"), SampleBatch.Data(7, "g=1 h=1 i=1 b="), SampleBatch.Data(11, "g=2 =x"));

        Assert.Equal(
            "0-3: 1@1 b=1 2@2 c=1 3@3 d=1; 4-6: 4@4 e=1 5@5 f=1 6@6 a=2; 7-10: 7@7 g=1 8@8 h=1 9@9 i=1 10@10 b=; 11-12: 11@11 g=2 12@12 =x",
            log.Pass(mapSlots: 16));
        Assert.Equal(6, log.LatestOffset);

        Assert.Equal(
            $"0-3: 2@2 c=1 3@3 d=1; 4-6: 4@4 e=1 5@5 f=1 6@6 a=2; 7-10 h{Past}: 8@8 h=1 9@9 i=1 10@10 b=; 11-12: 11@11 g=2",
            log.Pass(mapSlots: 16, dirtyFrom: 7));
        Assert.Equal(12, log.LatestOffset);
    }

    [Fact]
    public void A_batch_with_more_keys_than_the_map_holds_is_compacted_piece_by_piece()
    {
        var log = new FilteredLog(SampleBatch.Data(0, "a=1 b=1 c=1 d=1 e=1 f=1 g=1 h= i=1 j="), SampleBatch.Data(10, "a=2 j=2"));

        Assert.Equal("0-9: 0@0 a=1 1@1 b=1 2@2 c=1 3@3 d=1 4@4 e=1 5@5 f=1 6@6 g=1 7@7 h= 8@8 i=1 9@9 j=; 10-11: 10@10 a=2 11@11 j=2", log.Pass(mapSlots: 16));
        Assert.Equal(7, log.LatestOffset);
        // Only now all of its tombstones are known to have nothing left to delete.
        Assert.Equal($"0-9 h{Past}: 1@1 b=1 2@2 c=1 3@3 d=1 4@4 e=1 5@5 f=1 6@6 g=1 7@7 h= 8@8 i=1; 10-11: 10@10 a=2 11@11 j=2", log.Pass(mapSlots: 16, dirtyFrom: 8));
        Assert.Equal(11, log.LatestOffset);
    }

    [Fact]
    public void The_last_batch_of_a_segment_leaves_its_place_and_no_producer()
    {
        var log = new FilteredLog(SampleBatch.Data(0, "a=1"), SampleBatch.Data(1, "a=2"), SampleBatch.Data(2, "=1 =2", producer: 5, sequence: 9));

        Assert.Equal("1-1: 1@1 a=2; 2-3 empty", log.Pass(lastStays: true));
        Assert.Equal("1-1: 1@1 a=2", log.Pass());
    }

    [Fact]
    public void The_last_batch_of_what_may_be_compacted_leaves_its_place_with_its_producer()
    {
        var log = new FilteredLog(SampleBatch.Data(0, "a=1"), SampleBatch.Data(1, "=1 =2", producer: 5, sequence: 9));

        Assert.Equal("0-0: 0@0 a=1; 1-2 p5/9 empty", log.Pass(lastStays: true, end: 3));
    }

    [Fact]
    public void The_last_batch_of_a_producer_stays_empty_and_goes_when_there_is_a_later_one()
    {
        var log = new FilteredLog(
            SampleBatch.Data(0, "a=1", producer: 5, sequence: 8), SampleBatch.Data(1, "a=2 b=1", producer: 5, sequence: 9), SampleBatch.Data(3, "a=3 b=2"))
        {
            Producers = { [5] = new ProducerEnd(2, 0) },
        };

        Assert.Equal("1-2 p5/9 empty; 3-4: 3@3 a=3 4@4 b=2", log.Pass());
        Assert.Equal("1-2 p5/9 empty; 3-4: 3@3 a=3 4@4 b=2", log.Pass());
        log.Producers[5] = new ProducerEnd(900, 0);
        Assert.Equal("3-4: 3@3 a=3 4@4 b=2", log.Pass());
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Lz4)]
    public void Nothing_is_allocated_for_a_record(CompressionType compression)
    {
        var batch = SampleBatch.Data(0, string.Join(' ', Enumerable.Range(0, 400).Select(number => $"key{number / 2}=value")), compression: compression);
        using var scratch = new PooledBuffer();
        using var output = new PooledBuffer(1 << 16);
        var map = new OffsetMap(1000 * OffsetMap.EntrySize, 0.5, new Random(1));
        map.Begin(400);
        var transactions = new OpenTransactions(scratch);
        var builder = new MapBuilder(map, transactions, scratch);
        using var filter = new BatchFilter(map, transactions, scratch);
        filter.Begin(new PassRules(1, 1, long.MaxValue), new PassCounts());
        Once();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) Once();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(51 * 200, filter.Counts.RecordsKept);

        void Once()
        {
            output.Clear();
            builder.Add(RecordBatch.Read(batch));
            filter.Filter(RecordBatch.Read(batch), isLastOfSegment: false, output);
        }
    }
}
