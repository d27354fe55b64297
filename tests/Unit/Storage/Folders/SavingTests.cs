using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

/// <summary>When the checkpoints of a folder are written, and what a disk does to them.</summary>
public class SavingTests
{
    private readonly TestFolder _folder = new() { Settings = new LogSettings { CheckpointBytes = 1_000, CheckpointMilliseconds = 60_000 } };

    public SavingTests() => _folder.Open(_folder.Logs(2));

    private long? Point => _folder.Saved(OffsetCheckpoint.RecoveryPoint, 0);

    [Fact]
    public void A_point_that_moved_by_much_is_saved_at_once()
    {
        for (var i = 0; i < 30; i++)
        {
            _folder.Append(0, "some value or other");
            _folder.Flush();
        }

        Assert.InRange(Point!.Value, 10, 29);
        Assert.Equal(Point, _folder.Get(0).RecoveryPoint);
    }

    [Fact]
    public void A_point_that_moved_by_little_waits_for_a_tick()
    {
        _folder.Append(0, "a");
        _folder.Flush();
        _folder.Clock.Milliseconds += 60_000;
        _folder.Folder.Tick();
        _folder.Flush();
        Assert.Equal((1, 0), (_folder.Get(0).RecoveryPoint, Point));

        _folder.Folder.Tick();

        Assert.Equal(1, Point);
    }

    [Fact]
    public void A_tick_keeps_house_only_for_logs_that_something_is_due_for()
    {
        var kept = new List<string>();
        _folder.Kill();
        _folder.Take(_folder.Options with { KeepHouse = log => kept.Add(log.Name) });
        _folder.Folder.OpenLogs(_folder.Logs(2));
        _folder.Folder.EpochsRaised();
        _folder.Append(1, "a");
        _folder.Flush();

        _folder.Folder.Tick();
        Assert.Empty(kept);
        _folder.Clock.Milliseconds += 60_000;
        _folder.Folder.Tick();
        Assert.Equal(["orders-1"], kept);
    }

    [Fact]
    public void A_truncation_has_lowered_the_point_on_disk_before_it_cuts()
    {
        for (var i = 0; i < 4; i++) _folder.Append(0, "a");
        _folder.Get(0).TryCheckpoint();
        _folder.Flush();
        _folder.Folder.Tick();
        Assert.Equal(4, Point);
        var atCut = new List<long?>();
        _folder.Memory.Fault = (operation, path) =>
        {
            if (operation == DiskOperation.SetLength && path.EndsWith(".log", StringComparison.Ordinal)) atCut.Add(Point);
            return null;
        };

        _folder.Get(0).TruncateTo(2);

        Assert.Equal([2], atCut);
    }

    [Fact]
    public void Deleting_records_is_durable_when_it_is_answered()
    {
        for (var i = 0; i < 4; i++) _folder.Append(0, $"{i}");
        _folder.Flush();
        _folder.Get(0).MoveStart(2);
        _folder.Folder.SaveStartOffsets();

        for (var seed = 0; seed < 20; seed++)
            Assert.Equal(["2", "3"], new TestFolder(_folder.Memory.AfterCrash(new Random(seed))).Open(_folder.Logs(2)).Values(0));
    }

    [Fact]
    public void How_far_a_log_is_compacted_is_kept_and_goes_down_with_a_truncation()
    {
        for (var i = 0; i < 4; i++) _folder.Append(0, "a");
        _folder.Get(0).TryCheckpoint();
        _folder.Flush();
        _folder.Get(0).CompactedUpTo = 3;
        _folder.Folder.SaveCompacted();
        Assert.Equal(3, _folder.Saved(OffsetCheckpoint.Cleaner, 0));

        _folder.Get(0).TruncateTo(1);
        Assert.Equal(1, _folder.Saved(OffsetCheckpoint.Cleaner, 0));

        _folder.Stop();
        Assert.Equal(1, _folder.Open(_folder.Logs(2)).Get(0).CompactedUpTo);
    }

    [Fact]
    public void A_full_disk_keeps_a_save_for_the_next_tick_and_nothing_is_lost()
    {
        _folder.Append(0, "a");
        _folder.Get(0).TryCheckpoint();
        _folder.Flush();
        _folder.Memory.Capacity = _folder.Memory.Capacity - _folder.Memory.FreeSpace("");

        _folder.Folder.Tick();
        Assert.Equal(DiskFault.Full, _folder.Folder.LastFailure!.Fault);
        Assert.Equal(0, Point);

        _folder.Memory.Capacity = long.MaxValue;
        _folder.Folder.Tick();
        Assert.Null(_folder.Folder.LastFailure);
        Assert.Equal(1, Point);
    }

    [Fact]
    public void A_log_that_is_emptied_has_no_point_in_between_and_is_never_taken_for_lost()
    {
        for (var i = 0; i < 4; i++) _folder.Append(0, "a");
        _folder.Flush();
        var first = _folder.Memory.Operations;
        _folder.Get(0).StartAt(100);
        var last = _folder.Memory.Operations;
        Assert.Equal(100, Point);

        for (var stop = first; stop <= last; stop++)
        {
            var again = new TestFolder();
            again.Open(again.Logs(2));
            for (var i = 0; i < 4; i++) again.Append(0, "a");
            again.Flush();
            again.Memory.StopsAfter = again.Memory.Operations + stop - first;
            Assert.Equal(stop < last, Record.Exception(() => again.Get(0).StartAt(100)) is not null);
            for (var seed = 0; seed < 10; seed++)
                Assert.NotNull(new TestFolder(again.Memory.AfterCrash(new Random(seed))).Open(again.Logs(2)).Opened.Logs[0].Log);
        }
    }

    [Fact]
    public void A_log_that_starts_lower_again_is_not_hidden_by_its_old_start()
    {
        for (var i = 0; i < 4; i++) _folder.Append(0, "a");
        _folder.Flush();
        _folder.Get(0).MoveStart(4);
        _folder.Folder.SaveStartOffsets();

        _folder.Get(0).StartAt(1);
        _folder.Append(0, "b");
        _folder.Flush();

        for (var seed = 0; seed < 20; seed++)
            Assert.Equal(["b"], new TestFolder(_folder.Memory.AfterCrash(new Random(seed))).Open(_folder.Logs(2)).Values(0));
    }

    [Fact]
    public void Saves_from_many_threads_never_put_an_older_value_in_place_of_a_newer_one()
    {
        for (var i = 0; i < 200; i++)
        {
            _folder.Append(0, "a");
            _folder.Append(1, "a");
        }

        _folder.Flush();
        Parallel.For(0, 8, worker =>
        {
            for (var i = 1; i < 100; i++)
            {
                if (worker < 2) _folder.Get(worker).MoveStart(i);
                _folder.Folder.SaveStartOffsets();
                // What was set before the call is there after it.
                if (worker < 2) Assert.True(_folder.Saved(OffsetCheckpoint.LogStart, worker) >= i);
            }
        });

        Assert.Equal((99, 99), (_folder.Saved(OffsetCheckpoint.LogStart, 0), _folder.Saved(OffsetCheckpoint.LogStart, 1)));
    }
}
