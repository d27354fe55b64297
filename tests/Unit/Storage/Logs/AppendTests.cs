using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Logs;

public class AppendTests
{
    [Fact]
    public void Records_come_back_with_the_offsets_they_were_given()
    {
        var test = TestLog.New();
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 0, 1), test.Append("a", "b"));
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 2, 2), test.Append("c"));

        Assert.Equal([(0, "a"), (1, "b"), (2, "c")], test.Values());
        Assert.Equal([(1, "b"), (2, "c")], test.Values(from: 1));
        Assert.Equal([(0, "a"), (1, "b")], test.Values(upTo: 2));
        Assert.Equal(3, test.Log.EndOffset);
    }

    [Fact]
    public void Nothing_is_durable_before_a_round_of_the_flusher()
    {
        var test = TestLog.New();
        test.Append("a");
        Assert.Equal(0, test.Log.DurableOffset);
        test.Flush();
        Assert.Equal(1, test.Log.DurableOffset);
    }

    [Fact]
    public void What_the_page_cache_holds_counts_where_the_topic_says_so()
    {
        var test = TestLog.New(new LogSettings { Durability = LogDurability.PageCache, FlushMessages = 3 });
        test.Append("a");
        test.Append("b");
        Assert.Equal(2, test.Log.DurableOffset);
        Assert.Equal(0, test.Log.FlushedOffset);
        test.Append("c");
        Assert.Equal(2, test.Log.DurableOffset);
        test.Flush();
        Assert.Equal(3, test.Log.DurableOffset);
        Assert.Equal(3, test.Log.FlushedOffset);
    }

    [Fact]
    public void Flush_ms_brings_to_disk_what_has_waited()
    {
        var test = TestLog.New(new LogSettings { Durability = LogDurability.PageCache, FlushMilliseconds = 100 });
        test.Append("a");
        test.Log.KeepHouse();
        test.Flush();
        Assert.Equal(0, test.Log.FlushedOffset);
        test.Clock.Milliseconds += 100;
        test.Log.KeepHouse();
        test.Flush();
        Assert.Equal(1, test.Log.FlushedOffset);
    }

    [Fact]
    public void A_producer_s_batch_counts_once()
    {
        var test = TestLog.New();
        Assert.Equal(0, test.Produce(7, 0, "a").BaseOffset);
        Assert.Equal(1, test.Produce(7, 1, "b").BaseOffset);
        var again = test.Produce(7, 0, "a");
        Assert.Equal((AppendOutcome.Duplicate, 0L), (again.Outcome, again.BaseOffset));
        Assert.Equal(AppendOutcome.Refused, test.Produce(7, 5, "z").Outcome);
        Assert.Equal([(0, "a"), (1, "b")], test.Values());
    }

    [Fact]
    public void A_full_disk_refuses_appends_and_takes_them_again_when_there_is_room()
    {
        var test = TestLog.New();
        test.Append("a");
        test.Memory.Capacity = 100;
        Assert.Equal(AppendOutcome.DiskFull, test.Append(new string('x', 200)).Outcome);
        Assert.Equal(DiskFault.Full, test.Log.LastFailure!.Fault);
        Assert.Equal([(0, "a")], test.Values());
        test.Memory.Capacity = long.MaxValue;
        Assert.Equal(1, test.Append("b").BaseOffset);
        Assert.Equal([(0, "a"), (1, "b")], test.Values());
    }

    [Fact]
    public void A_failed_flush_makes_the_log_read_only_for_good()
    {
        var test = TestLog.New();
        test.Append("a");
        test.Flush();
        var told = 0;
        test.Log.DurableMoved = _ => told++;
        test.Append("b");
        test.Memory.Fault = (operation, _) => operation == Moldau.Storage.Files.Memory.DiskOperation.Flush ? DiskFault.Failed : null;
        test.Flush();
        test.Memory.Fault = null;

        Assert.Equal(1, told);
        Assert.Equal(1, test.Log.DurableOffset);
        Assert.Contains("orders-0 is read-only from offset 1 on", test.Log.Fault!.Reason, StringComparison.Ordinal);
        Assert.Equal(AppendOutcome.Offline, test.Append("c").Outcome);
        test.Flush();
        Assert.Equal(1, test.Log.DurableOffset);
        Assert.Equal([(0, "a")], test.Values(upTo: 1));
    }

    [Fact]
    public void A_flush_that_succeeds_behind_a_failed_one_proves_nothing()
    {
        var test = TestLog.New();
        test.Append("a");
        test.Memory.Fault = (operation, _) =>
        {
            if (operation != Moldau.Storage.Files.Memory.DiskOperation.Flush) return null;
            test.Memory.Fault = null;
            // While the round is under way: the next one has it, and a checkpoint besides.
            Assert.Equal(AppendOutcome.Appended, test.Append("b").Outcome);
            Assert.True(test.Log.TryCheckpoint());
            return DiskFault.Failed;
        };
        test.Flush();
        Assert.True(test.Disk.Flusher.IsIdle);
        Assert.Equal((0, 0, 0), (test.Log.DurableOffset, test.Log.FlushedOffset, test.Log.RecoveryPoint));
    }

    [Fact]
    public void A_write_that_cannot_be_cut_off_again_takes_the_log_offline()
    {
        var denies = false;
        var memory = new Moldau.Storage.Files.Memory.MemoryFileSystem();
        var test = new TestLog(new Moldau.Unit.Storage.Facts.LyingDisk(memory, deniesWrite: () => denies)).Open();
        test.Append("a");
        denies = true;
        memory.Fault = (operation, _) => operation == Moldau.Storage.Files.Memory.DiskOperation.SetLength ? DiskFault.Failed : null;
        Assert.Equal(AppendOutcome.Offline, test.Append("b").Outcome);
        denies = false;
        memory.Fault = null;
        Assert.Equal(AppendOutcome.Offline, test.Append("c").Outcome);
        Assert.Equal([(0, "a")], test.Values());
    }

    [Fact]
    public void A_batch_longer_than_a_segment_is_refused()
    {
        var test = TestLog.New(new LogSettings { SegmentBytes = 100 });
        Assert.Equal(AppendOutcome.TooLarge, test.Append(new string('x', 100)).Outcome);
    }

    [Fact]
    public void Segments_roll_by_size_by_time_and_by_index()
    {
        var bySize = TestLog.New(new LogSettings { SegmentBytes = 200 });
        for (var i = 0; i < 10; i++) bySize.Append("value");
        Assert.Equal(5, bySize.Log.Segments.Count);
        Assert.Equal(10, bySize.Values().Count);

        var byTime = TestLog.New(new LogSettings { SegmentMilliseconds = 1000 });
        byTime.AppendAt(5000, "a");
        byTime.AppendAt(6000, "b");
        Assert.Equal(1, byTime.Log.Segments.Count);
        byTime.AppendAt(6001, "c");
        Assert.Equal(2, byTime.Log.Segments.Count);

        var byIndex = TestLog.New(new LogSettings { IndexIntervalBytes = 0, SegmentIndexBytes = 32 });
        for (var i = 0; i < 10; i++) byIndex.Append("value");
        Assert.True(byIndex.Log.Segments.Count > 1);
        Assert.Equal(10, byIndex.Values().Count);
    }
}
