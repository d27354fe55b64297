using Moldau.Protocol.Compression;
using Moldau.Storage.Compaction;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

public class LogCleanerTests
{
    [Fact]
    public void Closed_segments_become_fewer_and_keep_the_latest_of_each_key()
    {
        var log = Filled();
        var (end, latest, segments) = (log.Log.EndOffset, log.Latest(), log.Log.Segments.Count);
        var active = log.Log.Segments.Last;

        var result = log.Clean();

        Assert.Equal(end, result.CompactedUpTo);
        Assert.Equal(latest, log.Latest());
        Assert.Equal(latest.Count, result.Counts.RecordsKept);
        Assert.Equal(segments - 1, result.Counts.SegmentsRead);
        Assert.Equal(log.Log.Segments.Count - 1, result.Counts.SegmentsWritten);
        Assert.Same(active, log.Log.Segments.Last);
        Assert.Equal(end, log.Log.EndOffset);
        Assert.Equal(end, log.Log.CompactedUpTo);
        // They were full, so it is the next pass that brings together what is left of them.
        log.Append("k1=new").Settle().Clean();
        Assert.Equal(3, log.Log.Segments.Count);
        Assert.DoesNotContain(log.Files(), name => name.Contains("cleaned", StringComparison.Ordinal) || name.Contains("swap", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_found_again_as_it_was(bool inOrder)
    {
        var log = Filled();
        log.Clean();
        var (shown, timestamps) = (log.Show(), log.Log.FindMaxTimestamp());

        log.Reopen(inOrder);

        Assert.Empty(log.Test.Opened.Notes);
        Assert.Equal(shown, log.Show());
        Assert.Equal(timestamps, log.Log.FindMaxTimestamp());
        log.Append("k1=new").Settle();
        Assert.Equal(CleaningOutcome.Compacted, log.TryClean().Outcome);
        Assert.Equal("new", log.Latest()["k1"]);
    }

    [Fact]
    public void Each_offset_leads_to_the_batch_that_holds_it_or_follows()
    {
        var log = Filled();
        log.Clean();
        var offsets = new List<long>();
        var batches = new Moldau.Protocol.Records.BatchReader(log.Bytes());
        while (batches.MoveNext()) offsets.Add(batches.Current.LastOffset);

        for (var offset = 0L; offset <= offsets[^1]; offset++)
        {
            using var slice = log.Log.Read(offset, 1, log.Log.EndOffset).Slice;
            var bytes = new byte[slice.Length];
            slice.Read(0, bytes);
            Assert.Equal(offsets.First(last => last >= offset), Moldau.Protocol.Records.RecordBatch.Read(bytes).LastOffset);
        }
    }

    [Fact]
    public void A_segment_ends_where_the_next_begins_whatever_was_dropped()
    {
        var log = new CompactedTestLog();
        for (var i = 0; i < 200; i++) log.Append("a=x");
        var starts = log.Settle().Log.Segments.All.ToArray().Select(segment => segment.BaseOffset).ToArray();
        log.Clean();

        // Each was full and is a segment of its own still.
        Assert.Equal(starts, log.Log.Segments.All.ToArray().Select(segment => segment.BaseOffset));
        Assert.Equal([.. starts[1..^1].Select(start => $"{start - 1}-{start - 1} empty"), "199-199: 199@199 a=x"], log.Show().Split("; "));

        log.Append("a=y").Settle().Clean();
        Assert.Equal(2, log.Log.Segments.Count);
        Assert.Equal("200-200: 200@200 a=y", log.Show());
        for (var i = 0; i < 10; i++) log.Append("=keyless");
        log.Append("b=1", compression: CompressionType.Gzip).Settle().Clean();
        Assert.Equal("200-200: 200@200 a=y; 211-211: 211@211 b=1", log.Show());
        log.Append("=keyless").Settle().Clean();
        Assert.Equal("200-200: 200@200 a=y; 211-211: 211@211 b=1; 212-212 empty", log.Show());
        log.Append("c=1").Settle().Clean();
        Assert.Equal("200-200: 200@200 a=y; 211-211: 211@211 b=1; 213-213: 213@213 c=1", log.Show());
    }

    [Fact]
    public void Nothing_above_the_recovery_point_or_the_last_stable_offset_is_touched()
    {
        var log = Filled();
        var point = log.Log.EndOffset;
        for (var i = 0; i < 100; i++) log.Append($"k{i % 5}=later");
        Assert.Equal(point, log.Log.RecoveryPoint);

        Assert.Equal(point, log.Clean().CompactedUpTo);

        log.Settle();
        log.LastStable = point + 50;
        var result = log.Clean();
        Assert.InRange(result.CompactedUpTo, point + 1, point + 50);
        Assert.Contains(log.Log.Segments.All.ToArray(), segment => segment.BaseOffset == result.CompactedUpTo);
        log.LastStable = result.CompactedUpTo;
        Assert.Equal(CleaningOutcome.NothingToDo, log.TryClean().Outcome);
    }

    [Fact]
    public void Where_the_map_is_full_the_next_pass_goes_on()
    {
        // 16 slots, half of them taken: eight keys a pass.
        var log = Filled(options: new CleanerOptions { IoBufferBytes = 512, DedupeBufferBytes = 1, DedupeBufferLoad = 0.5 });
        var (latest, end) = (log.Latest(), log.Log.EndOffset);
        var passes = 0;
        for (var at = 0L; at < end; passes++)
        {
            var result = log.Clean();
            Assert.True(result.CompactedUpTo > at);
            at = result.CompactedUpTo;
            Assert.Equal(latest, log.Latest());
        }

        Assert.True(passes > 3);
        Assert.Equal(latest.Count, RecordsOf(log));
    }

    [Fact]
    public void Aborted_records_are_gone_and_what_the_index_says_stays_true()
    {
        var log = new CompactedTestLog();
        for (var i = 0; i < 60; i++)
        {
            log.Append($"k{i % 7}=tx", producer: 5, sequence: i, transactional: true).Append($"k{i % 7}=plain-{i}");
            if (i % 3 == 2) log.End(5, commits: i % 2 == 0);
        }

        log.Settle();
        log.Clean();

        var aborted = Aborted(log);
        Assert.NotEmpty(aborted);
        Assert.All(log.Latest(), entry => Assert.StartsWith("plain", entry.Value, StringComparison.Ordinal));
        log.Reopen(inOrder: false);
        Assert.Equal(aborted, Aborted(log));
        log.Settle();
        // Nothing was left of the transactions, so the next pass gives the markers their time, and the one behind that removes them.
        log.Append("k0=more").Settle().Clean();
        Assert.Single(Aborted(log));
        log.Test.Clock.Milliseconds += 1000;
        log.Append("k0=more").Settle().Clean();
        Assert.Equal(2, log.Show().Split(" marker").Length);
    }

    [Fact]
    public void A_reader_keeps_what_it_holds_of_the_old_segments()
    {
        var log = Filled();
        using var slice = log.Log.Read(0, 600, log.Log.EndOffset).Slice;
        var before = new byte[slice.Length];
        slice.Read(0, before);

        log.Clean();

        var after = new byte[slice.Length];
        Assert.Equal(before.Length, slice.Read(0, after));
        Assert.Equal(before, after);
    }

    [Fact]
    public void A_segment_with_a_batch_larger_than_the_buffer_is_compacted_too()
    {
        var log = new CompactedTestLog(CompactedTestLog.Small with { SegmentBytes = 100_000 }, options: new CleanerOptions { IoBufferBytes = 100 });
        log.Append("a=1").Append($"a={new string('x', 9000)} b=1").Append("c=1").Append("a=2").Settle();

        log.Clean();

        Assert.Equal("1-2: 2@2 b=1; 3-3: 3@3 c=1; 4-4: 4@4 a=2", log.Show());
    }

    internal static CompactedTestLog Filled(LogSettings? settings = null, IFileSystem? files = null, CleanerOptions? options = null)
    {
        var log = new CompactedTestLog(settings, files ?? new MemoryFileSystem(), options);
        CompressionType[] codecs = [CompressionType.None, CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];
        for (var i = 0; i < 300; i++) log.Append($"k{i * 7 % 23}=value-{i} k{i * 5 % 31}=again", compression: codecs[i % codecs.Length]);
        return log.Settle();
    }

    private static int RecordsOf(CompactedTestLog log)
    {
        var count = 0;
        var batches = new Moldau.Protocol.Records.BatchReader(log.Bytes());
        while (batches.MoveNext()) count += batches.Current.RecordCount;
        return count;
    }

    private static List<AbortedTransaction> Aborted(CompactedTestLog log)
    {
        var aborted = new List<AbortedTransaction>();
        log.Log.CollectAborted(0, log.Log.EndOffset, aborted);
        return aborted;
    }
}
