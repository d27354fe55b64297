using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Recovery;

/// <summary>The rows C, F5 and T6 of docs/internals/recovery.md: what was on disk, and is not.</summary>
public class CorruptionRowTests
{
    [Fact]
    public void C1_below_the_point_nothing_is_read_at_a_start()
    {
        var log = new DamagedLog().Append(60).Checkpoint();
        var (path, position, _) = log.Place(2);
        log.Kill();
        log.Write(path, position + 40, [0xAA]);
        log.Reopen();
        log.AssertRows();
        log.Test.Reopen();
        log.AssertRows();
        Assert.Equal(60, log.Test.Log.EndOffset);
    }

    [Fact]
    public void C1_damage_found_below_the_point_costs_only_itself()
    {
        // The index of the segment with the point is gone, so it is read from its start.
        var log = new DamagedLog(new LogSettings { SegmentBytes = 100_000, IndexIntervalBytes = 200 }).Append(30).Checkpoint().Append(5);
        var (path, position, size) = log.Place(12);
        log.Kill();
        var whole = log.Bytes(path);
        log.Write(path, position + size - 1, [0xAA]);
        log.Test.Files.DeleteFile(log.Segment(0, ".index"));
        log.Reopen();
        log.AssertRows(RecoveryRow.F4, RecoveryRow.C1);
        Assert.True(log.Test.Opened.Notes[1].IsAlarm);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(DamagedLog.Expected(0, 12), log.Test.Values(upTo: 12));
            Assert.Equal(LogReadOutcome.Damaged, log.Test.Log.Read(12, 100, long.MaxValue).Outcome);
            Assert.Equal(DamagedLog.Expected(13, 35 + round), log.Test.Values(from: 13));
            Assert.Equal(35 + round, log.Test.Append($"value {35 + round}").BaseOffset);
            log.Test.Flush();
            log.Test.Reopen(inOrder: round == 1);
        }

        // All that was taken out is kept.
        Assert.Equal(whole.Length - position, log.Bytes(path + ".cut").Length);
    }

    [Fact]
    public void C2_a_missing_segment_is_told_to_whoever_reads_there()
    {
        var log = new DamagedLog().Append(60).Checkpoint();
        var segments = log.Test.Log.Segments.All.ToArray();
        log.Kill();
        log.Test.Files.DeleteFile(segments[1].File.Path);
        log.Reopen();
        var (from, upTo) = (segments[1].BaseOffset, segments[2].BaseOffset);
        Assert.Equal(DamagedLog.Expected(0, from), log.Test.Values(upTo: from));
        Assert.Equal(LogReadOutcome.Damaged, log.Test.Log.Read(from, 100, long.MaxValue).Outcome);
        Assert.Equal((from, upTo), (log.Test.Log.DamageAt(from)!.From, log.Test.Log.DamageAt(from)!.UpTo));
        Assert.Equal(DamagedLog.Expected(upTo, 60), log.Test.Values(from: upTo));
        log.AssertTakesAppends(60);
    }

    [Fact]
    public void F5_a_gap_that_compaction_left_is_none()
    {
        var log = new DamagedLog(new LogSettings { SegmentBytes = 1000, Compacts = true }).Append(60).Checkpoint();
        var segments = log.Test.Log.Segments.All.ToArray();
        log.Kill();
        log.Test.Files.DeleteFile(segments[1].File.Path);
        log.Reopen();
        Assert.Equal(
            [.. DamagedLog.Expected(0, segments[1].BaseOffset), .. DamagedLog.Expected(segments[2].BaseOffset, 60)], log.Test.Values());
    }

    [Fact]
    public void A_log_that_had_records_and_has_no_segment_is_not_made_anew()
    {
        var log = new DamagedLog().Append(5).Checkpoint();
        log.Kill();
        log.Test.Files.DeleteFile(log.Segment(0));
        var missing = Assert.Throws<LogMissingException>(log.Reopen);
        Assert.Contains($"{TestLog.Folder} holds no segment, but had records up to offset 5", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_marker_that_lies_does_no_harm()
    {
        var log = new DamagedLog().Append(10).Checkpoint().Append(10);
        log.Kill();
        log.Test.Open(log.Point, wasClosed: true);
        log.AssertHolds(0, 20);
    }
}
