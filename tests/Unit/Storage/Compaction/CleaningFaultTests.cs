using Moldau.Storage.Compaction;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>Passes that do not come to their end: the log is as whole as before, and a later pass goes on.</summary>
public class CleaningFaultTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_damaged_batch_ends_the_pass_and_its_segment_stays_as_it_is(int damaged)
    {
        var log = LogCleanerTests.Filled();
        var path = log.Log.Segments[damaged].File.Path;
        using (var file = log.Test.Files.Open(path, OpenMode.Existing)) file.Write(file.Length / 2, [0xAA, 0xBB, 0xCC]);
        var (before, end) = (log.Bytes(), log.Log.EndOffset);

        var result = log.TryClean();

        Assert.Equal(CleaningOutcome.Damaged, result.Outcome);
        Assert.Contains(path, result.Cause!.Message, StringComparison.Ordinal);
        Assert.Equal(0, log.Log.CompactedUpTo);
        Assert.Empty(log.Unfinished());
        Assert.Null(log.Log.Fault);
        // Nothing was written: keys are looked for in all of it first.
        Assert.Equal(before, log.Bytes());
        Assert.Equal(end, log.Append("k1=later").Log.EndOffset - 1);
    }

    [Fact]
    public void Damage_in_what_was_compacted_before_ends_the_pass_at_its_segment()
    {
        var log = LogCleanerTests.Filled();
        log.Clean();
        for (var i = 0; i < 40; i++) log.Append($"k{i % 23}=newer");
        log.Settle();
        var second = log.Log.Segments[1];
        using (var file = log.Test.Files.Open(second.File.Path, OpenMode.Existing)) file.Write(second.Length - 3, [0xAA]);

        var result = log.TryClean();

        Assert.Equal(CleaningOutcome.Damaged, result.Outcome);
        Assert.Same(second, log.Log.Segments[log.Log.Segments.IndexOf(second.BaseOffset)]);
        Assert.Empty(log.Unfinished());
    }

    [Fact]
    public void A_log_with_a_loss_that_nobody_has_accepted_is_not_compacted()
    {
        var log = LogCleanerTests.Filled();
        var lost = new LogDamageRange(3, 5, "somebody took them");
        log.Log.Damage.Add(lost);
        Assert.Equal(CleaningOutcome.Damaged, log.TryClean().Outcome);
        log.Log.Damage.Accept(lost);
        Assert.Equal(CleaningOutcome.Compacted, log.TryClean().Outcome);
    }

    [Fact]
    public void A_full_disk_ends_the_pass_and_leaves_nothing_behind()
    {
        var log = LogCleanerTests.Filled();
        var (latest, free) = (log.Latest(), log.Test.Memory.FreeSpace(""));
        var capacity = log.Test.Memory.Capacity;
        log.Test.Memory.Capacity = capacity - free + 20;

        var result = log.TryClean();

        Assert.Equal(CleaningOutcome.DiskFailed, result.Outcome);
        Assert.Equal(DiskFault.Full, Assert.IsType<DiskException>(result.Cause).Fault);
        Assert.Null(log.Log.Fault);
        Assert.Empty(log.Unfinished());
        Assert.Equal(latest, log.Latest());
        log.Test.Memory.Capacity = capacity;
        Assert.Equal(CleaningOutcome.Compacted, log.TryClean().Outcome);
        Assert.Equal(latest, log.Latest());
    }

    [Theory]
    [InlineData(DiskFault.Full)]
    [InlineData(DiskFault.Failed)]
    public void Whichever_operation_the_disk_refuses_nothing_is_lost(DiskFault kind)
    {
        var faults = 0;
        for (var operation = 1L; ; operation++)
        {
            var log = Few();
            var (latest, failing) = (log.Latest(), log.Test.Memory.Operations + operation);
            log.Test.Memory.Fault = (_, _) => log.Test.Memory.Operations == failing ? kind : null;
            var result = log.TryClean();
            log.Test.Memory.Fault = null;

            Assert.Equal(latest, log.Latest());
            if (result.Outcome == CleaningOutcome.Compacted) break;
            Assert.Equal(CleaningOutcome.DiskFailed, result.Outcome);
            if (log.Log.Fault is null) Assert.Empty(log.Unfinished());
            else faults++;
            log.Reopen(inOrder: false);
            Assert.Equal(latest, log.Latest());
            Assert.Equal(CleaningOutcome.Compacted, log.TryClean().Outcome);
            Assert.Equal(latest, log.Latest());
        }

        // Those in the middle of a swap: what the folder holds is a start's to find out.
        Assert.InRange(faults, 5, 60);
    }

    [Fact]
    public void Wherever_the_power_goes_in_a_pass_the_next_start_finds_the_log_whole()
    {
        var whole = Few();
        var before = whole.Test.Memory.Operations;
        whole.Clean();
        var operations = whole.Test.Memory.Operations - before;
        Assert.True(operations > 40);
        for (var stop = 0L; stop <= operations; stop++)
        {
            for (var seed = 0; seed < 4; seed++)
            {
                var log = Few();
                var (latest, end, point) = (log.Latest(), log.Log.EndOffset, log.Log.RecoveryPoint);
                log.Test.Memory.StopsAfter = log.Test.Memory.Operations + stop;
                log.TryClean();

                var after = new CompactedTestLog(files: log.Test.Memory.AfterCrash(new Random(seed)), recoveryPoint: point);

                Assert.True(latest.SequenceEqual(after.Latest()), $"crash {seed} after {stop} operations of {operations}");
                Assert.Equal(end, after.Log.EndOffset);
                Assert.Empty(after.Unfinished());
                after.Append("k1=newest").Settle().Clean();
                latest["k1"] = "newest";
                Assert.Equal(latest, after.Latest());
            }
        }
    }

    [Fact]
    public void A_truncation_in_the_middle_of_a_pass_ends_it()
    {
        for (var turn = 1; ; turn++)
        {
            var log = LogCleanerTests.Filled();
            var (turns, cut) = (0, log.Log.EndOffset - 60);
            log.BeforeTurn = () =>
            {
                if (++turns == turn) log.Log.TruncateTo(cut);
            };
            var result = log.TryClean();
            log.BeforeTurn = static () => { };
            // The last one begins when everything is in place; what is cut then is no more compacted.
            if (turns < turn) break;
            Assert.Equal(CleaningOutcome.Interrupted, result.Outcome);
            Assert.Empty(log.Unfinished());
            Assert.Equal(cut, log.Log.EndOffset);
            Assert.True(log.Log.CompactedUpTo <= cut);
            var latest = log.Latest();
            log.Settle().Clean();
            Assert.Equal(latest, log.Latest());
        }
    }

    [Fact]
    public void Segments_that_retention_takes_in_the_middle_of_a_pass_end_it()
    {
        var log = LogCleanerTests.Filled(CompactedTestLog.Small with { Deletes = true, RetentionMilliseconds = -1, RetentionBytes = -1 });
        var turns = 0;
        log.BeforeTurn = () =>
        {
            if (++turns != 4) return;
            log.Log.MoveStart(log.Log.Segments[3].BaseOffset);
            log.Log.RemoveExpired(log.Log.EndOffset);
        };

        var result = log.TryClean();
        log.BeforeTurn = static () => { };

        Assert.Equal(CleaningOutcome.Interrupted, result.Outcome);
        Assert.Empty(log.Unfinished());
        var latest = log.Latest();
        log.Clean();
        Assert.Equal(latest, log.Latest());
    }

    [Fact]
    public void With_both_policies_a_log_is_compacted_and_what_is_left_of_it_expires()
    {
        var log = LogCleanerTests.Filled(CompactedTestLog.Small with { Deletes = true, RetentionMilliseconds = 10_000 });
        var latest = log.Latest();
        log.Clean();
        Assert.Equal(latest, log.Latest());
        var (end, segments) = (log.Log.EndOffset, log.Log.Segments.Count);
        Assert.True(segments > 2);

        // Timestamps of the sample's records are offsets: by this clock all of them are old.
        Assert.True(log.Log.RemoveExpired(log.Log.EndOffset) > 0);
        Assert.Equal(end, log.Log.StartOffset);
        Assert.Empty(log.Latest());
        log.Append("k1=new").Settle().Append("k1=newer").Settle();
        Assert.Equal(CleaningOutcome.Compacted, log.TryClean().Outcome);
        Assert.Equal("newer", log.Latest()["k1"]);
    }

    [Fact]
    public void A_pass_that_is_called_off_leaves_the_log_as_it_is()
    {
        var log = LogCleanerTests.Filled();
        using var stop = new CancellationTokenSource();
        var turns = 0;
        log.BeforeTurn = () =>
        {
            if (++turns == 4) stop.Cancel();
        };
        var latest = log.Latest();

        var result = log.TryClean(stop.Token);

        Assert.Equal(CleaningOutcome.Interrupted, result.Outcome);
        Assert.Equal(0, log.Log.CompactedUpTo);
        Assert.Empty(log.Unfinished());
        Assert.Equal(latest, log.Latest());
    }

    [Fact]
    public void A_log_that_has_failed_or_is_closed_is_left_alone()
    {
        var log = LogCleanerTests.Filled();
        log.Log.Release();
        Assert.Equal(CleaningOutcome.Interrupted, log.TryClean().Outcome);
    }

    /// <summary>Two segments that become one and one that stays, of little: the disk's operations can be gone through.</summary>
    private static CompactedTestLog Few()
    {
        var log = new CompactedTestLog(CompactedTestLog.Small with { SegmentBytes = 600 }, new MemoryFileSystem(), new CleanerOptions { IoBufferBytes = 300, DedupeBufferBytes = 1 << 12 });
        for (var i = 0; i < 8; i++) log.Append($"k{i % 3}=value-{i} other=again");
        log.Append("k0=", producer: 4).Append("k9=tx", producer: 5, transactional: true).End(5, commits: false).Append("k9=value");
        return log.Settle();
    }
}
