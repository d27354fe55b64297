using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Storage.Recovery;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Recovery;

/// <summary>The rows F of docs/internals/recovery.md: names and small files.</summary>
public class FileRowTests
{
    [Fact]
    public void F1_a_deletion_is_finished()
    {
        var log = new DamagedLog().Append(5);
        log.Kill();
        log.Write(log.Segment(0, ".log.deleted"), 0, [1]);
        log.Write(log.Segment(0, ".index.deleted"), 0, [1]);
        log.Reopen();
        log.AssertRows(RecoveryRow.F1, RecoveryRow.F1);
        Assert.False(log.Test.Files.FileExists(log.Segment(0, ".log.deleted")));
        log.AssertHolds(0, 5);
    }

    [Fact]
    public void F2_what_compaction_was_writing_is_removed()
    {
        var log = new DamagedLog().Append(5);
        log.Kill();
        log.Write(log.Segment(0, ".log.cleaned"), 0, [1]);
        log.Reopen();
        log.AssertRows(RecoveryRow.F2);
        Assert.False(log.Test.Files.FileExists(log.Segment(0, ".log.cleaned")));
        log.AssertHolds(0, 5);
    }

    [Theory]
    [InlineData(".index.swap", ".index")]
    [InlineData(".timeindex.swap", ".timeindex")]
    [InlineData(".txnindex.swap", ".txnindex")]
    public void F2_an_index_that_compaction_named_before_its_segment_is_removed(string swap, string original)
    {
        var log = new DamagedLog();
        for (var i = 0; i < 3; i++)
        {
            log.Test.Produce(5, i, $"value {2 * i}", isTransactional: true);
            log.Test.End(5, isAbort: true);
        }

        log.Test.Flush();
        log.Checkpoint();
        log.Test.Reopen();
        var aborted = Aborted(log);
        var before = log.Bytes(log.Segment(0, original));
        log.Kill();
        log.Write(log.Segment(0, swap), 0, []);
        log.Reopen();
        log.AssertRows(RecoveryRow.F2);
        Assert.False(log.Test.Files.FileExists(log.Segment(0, swap)));
        Assert.Equal(before, log.Bytes(log.Segment(0, original)));
        Assert.Equal(3, aborted.Count);
        Assert.Equal(aborted, Aborted(log));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void F3_a_swap_is_finished_wherever_it_was_interrupted(int step)
    {
        var log = new DamagedLog(new LogSettings { SegmentBytes = 1000, IndexIntervalBytes = 200, Compacts = true }).Append(60).Checkpoint();
        var segments = log.Test.Log.Segments.All.ToArray();
        log.Kill();
        // Of the first two segments together, as compaction leaves them: here nothing was to be dropped.
        var merged = (byte[])[.. log.Bytes(segments[0].File.Path), .. log.Bytes(segments[1].File.Path)];
        log.Write(log.Segment(0, ".log.swap"), 0, merged);
        if (step >= 1) log.Test.Files.DeleteFile(segments[0].File.Path);
        if (step >= 2) log.Test.Files.DeleteFile(segments[1].File.Path);
        if (step >= 3) log.Test.Files.Rename(log.Segment(0, ".log.swap"), log.Segment(0));
        log.Reopen();
        log.AssertRows(step < 3 ? [RecoveryRow.F3] : []);
        Assert.Equal(segments.Length - 1, log.Test.Log.Segments.Count);
        log.AssertHolds(0, 60);
    }

    [Theory]
    [InlineData(".index")]
    [InlineData(".timeindex")]
    public void F4_an_index_is_built_again(string ending)
    {
        foreach (var isMissing in (bool[])[true, false])
        {
            var log = new DamagedLog().Append(60).Checkpoint().Append(3);
            var starts = log.Test.Log.Segments.All.ToArray().Select(segment => segment.BaseOffset).ToArray();
            log.Kill();
            foreach (var start in starts)
            {
                if (isMissing) log.Test.Files.DeleteFile(log.Segment(start, ending));
                else log.Write(log.Segment(start, ending), 0, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
            }

            log.Reopen();
            // The others are built when somebody needs them.
            log.AssertRows(RecoveryRow.F4);
            for (var offset = 0; offset < 63; offset++) Assert.Equal(63 - offset, log.Test.Values(from: offset).Count);
            log.AssertHolds(0, 63);
        }
    }

    [Fact]
    public void F4_an_index_that_is_built_again_leads_to_the_youngest_record_wherever_the_power_goes()
    {
        for (var operation = 1; ; operation++)
        {
            var log = new DamagedLog(new LogSettings { IndexIntervalBytes = 0 });
            log.Test.AppendAt(1_000, "value 0");
            log.Test.AppendAt(9_000, "value 1");
            for (var i = 2; i < 40; i++) log.Test.AppendAt(2_000, $"value {i}");
            log.Checkpoint();
            log.Kill();
            log.Write(log.Segment(0, ".index"), 0, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
            log.Write(log.Segment(0, ".log"), log.Bytes(log.Segment(0)).Length, [1, 2, 3]);
            log.Test.Memory.StopsAfter = log.Test.Memory.Operations + operation;
            if (OpensWithPower(log)) return;
            Assert.InRange(operation, 1, 100);
            for (var seed = 0; seed < 20; seed++)
            {
                var after = new TestLog(log.Test.Memory.AfterCrash(new Random(seed)), log.Test.Settings).Open(log.Point);
                Assert.True(after.Log.FindMaxTimestamp() is { Offset: 1, Timestamp: 9_000 }, $"operation {operation}, seed {seed}: {after.Log.FindMaxTimestamp()}");
                Assert.Equal(1, after.Log.FindTimestamp(8_000)?.Offset);
            }
        }
    }

    [Fact]
    public void F4_an_index_of_aborted_transactions_is_built_again()
    {
        var log = new DamagedLog();
        for (var i = 0; i < 30; i++)
        {
            log.Test.Produce(5, i, "x", isTransactional: true);
            log.Test.End(5, isAbort: true);
            if (i == 20) log.Test.Flush();
            if (i == 20) log.Checkpoint();
        }

        log.Test.Flush();
        var expected = Aborted(log);
        Assert.Equal(30, expected.Count);
        log.Kill();
        foreach (var entry in log.Test.Files.List(TestLog.Folder))
        {
            if (entry.Name.EndsWith(".txnindex", StringComparison.Ordinal)) log.Write(log.Name(entry.Name), 0, [0xFF, 0xFF]);
        }

        log.Reopen();
        Assert.All(log.Test.Opened.Notes, note => Assert.Equal(RecoveryRow.F4, note.Row));
        Assert.Equal(expected, Aborted(log));
        log.Test.Reopen();
        Assert.Equal(expected, Aborted(log));
    }

    [Fact]
    public void F4_an_index_of_aborted_transactions_is_built_again_after_an_orderly_stop()
    {
        var log = new DamagedLog();
        for (var i = 0; i < 3; i++)
        {
            log.Test.Produce(5, i, "x", isTransactional: true);
            log.Test.End(5, isAbort: true);
        }

        log.Test.Flush();
        log.Checkpoint();
        var expected = Aborted(log);
        log.Kill();
        log.Write(log.Segment(0, ".txnindex"), 0, [0xFF, 0xFF]);
        log.Test.Open(log.Point, wasClosed: true);
        log.AssertRows(RecoveryRow.F4);
        Assert.Equal(expected, Aborted(log));
        Assert.True(log.Test.Log.TryCheckpoint(closes: true));
        log.Test.Flush();
        // The damaged one does not come back behind the stop: it would be a reason to read batches.
        for (var seed = 0; seed < 20; seed++) Assert.False(log.Test.Memory.AfterCrash(new Random(seed)).FileExists(log.Segment(0, ".txnindex.damaged")));
        log.Test.Reopen();
        log.AssertRows();
        Assert.Equal(expected, Aborted(log));
    }

    [Fact]
    public void F6_an_empty_segment_that_is_not_the_last_is_removed()
    {
        var log = new DamagedLog().Append(60);
        log.Kill();
        log.Write(log.Segment(3), 0, []);
        log.Reopen();
        log.AssertRows(RecoveryRow.F6);
        log.AssertHolds(0, 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void F6_an_empty_first_segment_below_the_point_is_a_loss_and_no_later_beginning(bool wasClosed)
    {
        var log = new DamagedLog().Append(40).Checkpoint();
        var second = log.Test.Log.Segments[1].BaseOffset;
        var end = log.Test.Log.EndOffset;
        log.Kill();
        log.Cut(log.Segment(0), 0);

        // It stays so over the next starts, and is told of once.
        foreach (var rows in (RecoveryRow[][])[[RecoveryRow.C1], [], []])
        {
            log.Test.Open(log.Point, wasClosed);
            log.AssertRows(rows);
            Assert.Equal((0, end), (log.Test.Log.StartOffset, log.Test.Log.EndOffset));
            Assert.Equal(LogReadOutcome.Damaged, log.Test.Log.Read(0, 100, long.MaxValue).Outcome);
            Assert.Equal(LogReadOutcome.Damaged, log.Test.Log.Read(second - 1, 100, long.MaxValue).Outcome);
            Assert.Equal(DamagedLog.Expected(second, end), log.Test.Values(from: second));
            log.Test.Log.Release();
        }

        log.Test.Open(log.Point, wasClosed);
        log.Test.Log.AcceptLoss(log.Test.Log.DamageAt(0)!);
        Assert.Equal(DamagedLog.Expected(second, end), log.Test.Values(from: 0));
        log.Test.Log.Release();
        log.Test.Open(log.Point, wasClosed);
        log.AssertRows();
        Assert.Equal(0, log.Test.Log.StartOffset);
        Assert.Equal(DamagedLog.Expected(second, end), log.Test.Values(from: 0));
    }

    [Fact]
    public void F6_an_empty_first_segment_below_the_start_goes()
    {
        var log = new DamagedLog().Append(40).Checkpoint();
        var second = log.Test.Log.Segments[1].BaseOffset;
        log.Kill();
        log.Cut(log.Segment(0), 0);
        log.Test.Open(log.Point, startOffset: second);
        log.AssertRows(RecoveryRow.F6);
        log.AssertHolds(second, 40);
    }

    [Fact]
    public void F7_a_file_of_no_known_kind_is_left_alone()
    {
        var log = new DamagedLog().Append(5);
        log.Kill();
        log.Write(log.Name("notes.txt"), 0, [1]);
        log.Reopen();
        log.AssertRows(RecoveryRow.F7);
        Assert.True(log.Test.Files.FileExists(log.Name("notes.txt")));
    }

    [Fact]
    public void F8_a_snapshot_that_cannot_be_read_is_built_again()
    {
        var log = new DamagedLog();
        for (var i = 0; i < 10; i++) log.Test.Produce(5, i, $"value {i}");
        log.Test.Flush();
        log.Checkpoint();
        log.Kill();
        var path = log.Name(ProducerSnapshotFiles.NameOf(10));
        log.Write(path, 8, [0xFF]);
        log.Reopen();
        log.AssertRows(RecoveryRow.F8);
        Assert.Equal(AppendOutcome.Duplicate, log.Test.Produce(5, 9, "value 9").Outcome);
        Assert.Equal(AppendOutcome.Refused, log.Test.Produce(5, 11, "value 11").Outcome);
        log.AssertHolds(0, 10);
    }

    [Fact]
    public void F8_a_snapshot_above_the_end_is_removed()
    {
        var log = new DamagedLog().Append(5);
        log.Kill();
        log.Write(log.Name(ProducerSnapshotFiles.NameOf(9)), 0, [1, 2, 3]);
        log.Reopen();
        Assert.False(log.Test.Files.FileExists(log.Name(ProducerSnapshotFiles.NameOf(9))));
        log.AssertHolds(0, 5);
    }

    [Fact]
    public void F9_the_greatest_epoch_stays_though_what_it_wrote_is_gone()
    {
        var log = new DamagedLog().Append(5).Checkpoint().Append(5);
        var (path, position, _) = log.Place(7);
        log.Test.Log.Append(TestLog.Batch(1, ["x"]), 3);
        log.Kill();
        log.Cut(path, position);
        log.Reopen();
        log.AssertRows(RecoveryRow.F9);
        Assert.Equal([new EpochStart(0, 0), new EpochStart(3, 7)], log.Test.Log.Epochs.Entries);
        Assert.Equal(4, log.Test.Log.LowestEpoch);
        log.AssertHolds(0, 7);
    }

    [Fact]
    public void F9_an_unreadable_epoch_file_is_built_again_from_the_batches()
    {
        var log = new DamagedLog();
        for (var i = 0; i < 40; i++) log.Test.Log.Append(TestLog.Batch(1, [$"value {i}"]), i / 10 * 2);
        log.Test.Flush();
        var entries = log.Test.Log.Epochs.Entries;
        log.Checkpoint();
        log.Kill();
        log.Write(log.Name(LeaderEpochCheckpoint.FileName), 0, [0xFF]);
        log.Reopen();
        log.AssertRows(RecoveryRow.F9);
        Assert.Equal(entries, log.Test.Log.Epochs.Entries);
        Assert.Equal(7, log.Test.Log.LowestEpoch);
    }

    private static bool OpensWithPower(DamagedLog log)
    {
        try
        {
            log.Reopen();
        }
        catch (DiskException)
        {
            return false;
        }

        return log.Test.Memory.Operations <= log.Test.Memory.StopsAfter;
    }

    private static List<Moldau.Storage.Indexes.AbortedTransaction> Aborted(DamagedLog log)
    {
        var found = new List<Moldau.Storage.Indexes.AbortedTransaction>();
        log.Test.Log.CollectAborted(0, log.Test.Log.EndOffset, found);
        return found;
    }
}
