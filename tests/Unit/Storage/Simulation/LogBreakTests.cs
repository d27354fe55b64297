using Moldau.Storage.Files;
using Moldau.Unit.Mutations;
using Moldau.Unit.Storage.Folders;
using Moldau.Unit.Storage.Recovery;
using Xunit;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>Each guarantee of the log broken on purpose: the simulation that finds nothing in the right code finds these.</summary>
public class LogBreakTests
{
    private const int Enough = 3;

    [Fact]
    public void A_sound_disk_is_not_accused() => Assert.Empty(BreakHunt.OnDisk(20, Enough, static disk => new FaultyDisk(disk)));

    [Fact]
    public void An_fsync_that_is_skipped_now_and_then_is_noticed() => AssertNoticed(40, static disk =>
    {
        var flushes = 0;
        return new FaultyDisk(disk, skipsFile: path => path.EndsWith(".log", StringComparison.Ordinal) && ++flushes % 5 == 0);
    });

    [Fact]
    public void A_roll_that_forgets_to_flush_its_folder_is_noticed() => AssertNoticed(40, static disk => new UnnamedSegmentDisk(disk));

    [Fact]
    public void A_log_that_is_told_of_before_its_folder_s_name_is_on_disk_is_noticed() =>
        AssertNoticed(40, static disk => new FaultyDisk(disk, skipsFolder: static path => path == SimulatedBroker.Path));

    [Fact]
    [Trait("Pace", "slow")]
    public void A_durable_offset_that_moves_before_the_flush_is_noticed() => AssertNoticed(
        40, "src/Storage/Logs/LogFlushing.cs", "else Volatile.Write(ref _durable, tail.Offset);", "Volatile.Write(ref _durable, tail.Offset);");

    [Fact]
    [Trait("Pace", "slow")]
    public void A_recovery_that_cuts_more_than_what_is_unsound_is_noticed() => AssertNoticed(
        40,
        "src/Storage/Recovery/TailRecovery.cs",
        "if (scan.Stop != ScanStop.End) Cut(segment, file, scan);",
        """
        if (scan.Stop != ScanStop.End)
        {
            // Back to where it began to read.
            scan = scan with { Position = position, EndOffset = offset };
            builder = NewBuilder(SegmentIndexes.Empty(segment.BaseOffset));
            Cut(segment, file, scan);
        }
        """);

    [Fact]
    [Trait("Pace", "slow")]
    public void A_start_that_takes_an_empty_first_segment_for_a_roll_is_noticed()
    {
        var faulty = MutatedRoom.With("src/Storage/Recovery/TailRecovery.cs", "if (index == 0 && next > request.StartOffset", "if (index < 0 && next > request.StartOffset");
        Assert.NotNull(faulty.Run<FileRowTests>(nameof(FileRowTests.F6_an_empty_first_segment_below_the_point_is_a_loss_and_no_later_beginning), false));
        Assert.NotNull(faulty.Run<FileRowTests>(nameof(FileRowTests.F6_an_empty_first_segment_below_the_point_is_a_loss_and_no_later_beginning), true));
    }

    [Fact]
    [Trait("Pace", "slow")]
    public void Offsets_that_are_indexed_again_before_their_times_are_on_disk_are_noticed()
    {
        var faulty = MutatedRoom.With("src/Storage/Recovery/TailRecovery.cs", "if (position == 0 && Point > segment.BaseOffset) SaveTimesFirst(segment, indexes.Times);", "");
        Assert.NotNull(faulty.Run<FileRowTests>(nameof(FileRowTests.F4_an_index_that_is_built_again_leads_to_the_youngest_record_wherever_the_power_goes)));
    }

    [Fact]
    [Trait("Pace", "slow")]
    public void The_room_compiled_again_without_a_fault_is_not_accused()
    {
        var same = MutatedRoom.With("src/Storage/Logs/LogFlushing.cs", "else Volatile.Write(ref _durable, tail.Offset);", "else Volatile.Write(ref _durable, tail.Offset);");
        Assert.Empty(Hunt(same, 20));
    }

    private static void AssertNoticed(int seeds, Func<IFileSystem, IFileSystem> wrap) => AssertEnough(seeds, BreakHunt.OnDisk(seeds, Enough, wrap));

    private static void AssertNoticed(int seeds, string file, string original, string fault) => AssertEnough(seeds, Hunt(MutatedRoom.With(file, original, fault), seeds));

    private static string[] Hunt(MutatedRoom room, int seeds) => (string[])room.Call(typeof(BreakHunt), nameof(BreakHunt.InRoom), seeds, Enough)!;

    private static void AssertEnough(int seeds, string[] noticed)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"of the seeds from 0 on:\n{string.Join('\n', noticed)}");
        Assert.True(noticed.Length == Enough, $"noticed with {noticed.Length} of {seeds} seeds");
    }
}
