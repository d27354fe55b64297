using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Recovery;

/// <summary>The rows T of docs/internals/recovery.md: bytes above the recovery point.</summary>
public class TailRowTests
{
    [Fact]
    public void T1_sound_batches_stay()
    {
        var log = new DamagedLog().Append(10).Checkpoint().Append(20);
        log.Kill();
        log.Reopen();
        log.AssertRows();
        log.AssertHolds(0, 30);
        Assert.Equal(30, log.Test.Log.RecoveryPoint);
    }

    [Fact]
    public void T2_a_torn_tail_is_cut_and_kept_aside()
    {
        for (var missing = 1; missing <= 70; missing++)
        {
            var log = new DamagedLog().Append(5).Checkpoint().Append(3);
            var (path, position, size) = log.Place(7);
            Assert.InRange(missing, 1, size);
            log.Kill();
            log.Cut(path, position + size - missing);
            var torn = log.Bytes(path)[position..];
            log.Reopen();
            if (missing == size)
            {
                log.AssertRows();
            }
            else
            {
                // The first bytes of an offset are zeros.
                log.AssertRows(torn.All(value => value == 0) ? RecoveryRow.T3 : RecoveryRow.T2);
                if (torn.Any(value => value != 0)) Assert.Equal(torn, log.Bytes(path + ".cut"));
                Assert.Contains($"cut at byte {position}, offset 7: {torn.Length} bytes", log.Test.Opened.Notes[0].Message, StringComparison.Ordinal);
            }

            log.AssertHolds(0, 7);
        }
    }

    [Fact]
    public void T2_a_batch_with_a_wrong_checksum_at_the_end_is_torn()
    {
        var log = new DamagedLog().Append(5).Checkpoint().Append(3);
        var (path, position, size) = log.Place(7);
        log.Kill();
        log.Write(path, position + size - 1, [0xFF]);
        log.Reopen();
        log.AssertRows(RecoveryRow.T2);
        log.AssertHolds(0, 7);
    }

    [Fact]
    public void T2_a_second_cut_keeps_the_first_one_s_bytes()
    {
        var log = new DamagedLog().Append(5);
        for (var round = 0; round < 3; round++)
        {
            log.Kill();
            log.Write(log.Segment(0), log.Bytes(log.Segment(0)).Length, [1, 2, (byte)round]);
            log.Reopen();
            log.AssertRows(RecoveryRow.T2);
        }

        Assert.Equal([1, 2, 0], log.Bytes(log.Segment(0) + ".cut"));
        Assert.Equal([1, 2, 1], log.Bytes(log.Segment(0) + ".cut2"));
        Assert.Equal([1, 2, 2], log.Bytes(log.Segment(0) + ".cut3"));
        log.AssertHolds(0, 5);
    }

    [Fact]
    public void T3_zeros_are_cut_and_not_kept()
    {
        var log = new DamagedLog().Append(5).Checkpoint().Append(3);
        log.Kill();
        var length = log.Bytes(log.Segment(0)).Length;
        log.Write(log.Segment(0), length, new byte[100_000]);
        log.Reopen();
        log.AssertRows(RecoveryRow.T3);
        Assert.False(log.Test.Files.FileExists(log.Segment(0) + ".cut"));
        Assert.Equal(length, log.Bytes(log.Segment(0)).Length);
        log.AssertHolds(0, 8);
    }

    [Fact]
    public void T4_sound_batches_behind_an_unsound_one_are_cut_with_an_alarm()
    {
        var log = new DamagedLog().Append(5).Checkpoint().Append(5);
        var (path, position, _) = log.Place(6);
        log.Kill();
        var tail = log.Bytes(path)[position..];
        log.Write(path, position + 30, [0xAA, 0xBB]);
        log.Reopen();
        log.AssertRows(RecoveryRow.T4);
        Assert.True(log.Test.Opened.Notes[0].IsAlarm);
        Assert.Equal(tail.Length, log.Bytes(path + ".cut").Length);
        log.AssertHolds(0, 6);
    }

    [Fact]
    public void T5_segments_behind_a_cut_go_as_a_whole()
    {
        var log = new DamagedLog().Append(5).Checkpoint().Append(40);
        var (path, position, _) = log.Place(7);
        var later = log.Test.Log.Segments.All[1..].ToArray().Select(segment => segment.File.Path).ToArray();
        var last = later.Select(log.Bytes).ToArray();
        log.Kill(point: 5);
        log.Write(path, position + 30, [0xAA, 0xBB]);
        log.Reopen();
        log.AssertRows([RecoveryRow.T4, .. later.Select(_ => RecoveryRow.T5)]);
        Assert.All(later.Zip(last), pair => Assert.Equal(pair.Second, log.Bytes(pair.First + ".cut")));
        log.AssertHolds(0, 7);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void T5_a_missing_segment_above_the_point_takes_those_behind_it_along(bool isCompacted)
    {
        // Compaction leaves gaps, but none where it has not been.
        var log = new DamagedLog(new LogSettings { SegmentBytes = 1000, IndexIntervalBytes = 200, Compacts = isCompacted }).Append(5).Checkpoint().Append(60);
        var segments = log.Test.Log.Segments.All.ToArray();
        Assert.True(segments.Length > 3);
        log.Kill(point: 5);
        log.Test.Files.DeleteFile(segments[1].File.Path);
        log.Reopen();
        Assert.All(log.Test.Opened.Notes, note => Assert.Equal(RecoveryRow.T5, note.Row));
        log.AssertHolds(0, segments[1].BaseOffset);
    }

    [Theory]
    [InlineData(60, 0)]
    [InlineData(5, 60)]
    public void A_gap_that_compaction_has_left_is_none(long point, long compactedUpTo)
    {
        var log = new DamagedLog(new LogSettings { SegmentBytes = 1000, IndexIntervalBytes = 200, Compacts = true }).Append(5).Checkpoint().Append(55).Checkpoint();
        var segments = log.Test.Log.Segments.All.ToArray();
        log.Kill();
        log.Test.Files.DeleteFile(segments[1].File.Path);
        // Kafka compacts what its recovery point, which it saves once a minute, has not come to yet.
        log.Test.Open(point, compactedUpTo: compactedUpTo);
        Assert.DoesNotContain(log.Test.Opened.Notes, note => note.Row is RecoveryRow.T5);
        Assert.Equal([.. DamagedLog.Expected(0, segments[1].BaseOffset), .. DamagedLog.Expected(segments[2].BaseOffset, 60)], log.Test.Values());
    }

    [Fact]
    public void Compaction_has_not_been_above_the_end_whatever_its_checkpoint_says()
    {
        var log = new DamagedLog().Append(10);
        log.Kill(point: 0);
        log.Test.Open(0, compactedUpTo: 50);
        Assert.Equal(10, log.Test.Log.CompactedUpTo);
    }

    [Fact]
    public void What_a_failed_write_left_behind_in_a_closed_segment_does_not_cost_the_next_one()
    {
        var log = new DamagedLog().Append(5).Checkpoint().Append(60);
        var first = log.Test.Log.Segments.First.File.Path;
        log.Kill(point: 5);
        log.Write(first, log.Bytes(first).Length, [1, 2, 3, 4, 5]);
        log.Reopen();
        log.AssertRows(RecoveryRow.T2);
        log.AssertHolds(0, 65);
    }

    [Fact]
    public void T6_a_log_that_ends_below_its_point_goes_on_behind_it_and_tells_what_is_lost()
    {
        var log = new DamagedLog().Append(10).Checkpoint();
        var (path, position, _) = log.Place(6);
        log.Kill();
        log.Cut(path, position);
        log.Reopen();
        Assert.Contains(RecoveryRow.T6, log.Test.Opened.Notes.Select(note => note.Row));
        AssertLost(log, 6, 10);

        // It stays so over the next starts, orderly or not.
        log.Test.Reopen();
        AssertLost(log, 6, 11);
        log.Test.Reopen(inOrder: false);
        AssertLost(log, 6, 12);

        log.Test.Log.AcceptLoss(log.Test.Log.DamageAt(6)!);
        Assert.Equal([.. DamagedLog.Expected(0, 6), .. DamagedLog.Expected(10, 13)], log.Test.Values());
        log.Test.Reopen(inOrder: false);
        Assert.Equal([.. DamagedLog.Expected(0, 6), .. DamagedLog.Expected(10, 13)], log.Test.Values());
    }

    [Fact]
    public void A_cut_that_a_kill_has_interrupted_is_on_disk_before_the_log_is_told_to_end_there()
    {
        var log = new DamagedLog().Append(5).Checkpoint().Append(3);
        var (path, position, _) = log.Place(5);
        log.Kill(point: 5);
        // In the page cache, as the killed process left it.
        log.Cut(path, position);
        log.Reopen();
        log.AssertRows();
        AssertEndsAfterACrash(log, 5);
    }

    [Fact]
    public void A_timestamp_noted_above_the_point_of_a_record_below_it_is_written_again_after_a_flush_that_failed()
    {
        var log = new DamagedLog(LogSettings.Default);
        log.Test.AppendAt(1_000, "value 0");
        log.Test.AppendAt(9_000, "value 1");
        log.Checkpoint();
        log.Test.AppendAt(2_000, "value 2");
        log.Test.AppendAt(2_000, "value 3");
        log.Test.Flush();
        log.Kill(point: 2);
        // A start that could not flush what it wrote, and had it in the page cache only.
        var loaded = LogLoader.Load(log.Test.Disk, TestLog.Folder, new LogLoadRequest(2, 0, false, 0, log.Test.Settings));
        log.Test.Memory.Fault = static (operation, _) => operation == DiskOperation.Flush ? DiskFault.Failed : null;
        foreach (var path in loaded.Unflushed.Where(path => path.EndsWith("index", StringComparison.Ordinal)))
        {
            using var file = log.Test.Files.Open(path, OpenMode.Existing);
            Assert.Throws<DiskException>(file.Flush);
        }

        log.Test.Memory.Fault = null;
        loaded.Log.Release();
        log.Reopen();
        var length = log.Bytes(log.Segment(0, ".timeindex")).Length;
        for (var seed = 0; seed < 20; seed++)
        {
            var after = log.Test.Memory.AfterCrash(new Random(seed));
            using var file = after.Open(log.Segment(0, ".timeindex"), OpenMode.Existing);
            Assert.Equal((length, 9_000), (file.Length, TimeIndex.Read(file, 0).Last.Timestamp));
        }
    }

    private static void AssertEndsAfterACrash(DamagedLog log, long end)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var after = new TestLog(log.Test.Memory.AfterCrash(new Random(seed))).Open(log.Point);
            Assert.Equal(end, after.Log.EndOffset);
        }
    }

    private static void AssertLost(DamagedLog log, long from, long end)
    {
        Assert.Equal(end, log.Test.Log.EndOffset);
        Assert.Equal(DamagedLog.Expected(0, from), log.Test.Values(upTo: from));
        Assert.Equal(Moldau.Storage.Logs.LogReadOutcome.Damaged, log.Test.Log.Read(from, 100, long.MaxValue).Outcome);
        Assert.Equal(Moldau.Storage.Logs.LogReadOutcome.Damaged, log.Test.Log.Read(9, 100, long.MaxValue).Outcome);
        Assert.Equal(DamagedLog.Expected(10, end), log.Test.Values(from: 10));
        Assert.Equal(end, log.Test.Append($"value {end}").BaseOffset);
        log.Test.Flush();
    }
}
