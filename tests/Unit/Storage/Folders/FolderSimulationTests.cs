using Moldau.Protocol.Records;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Storage.Simulation;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

public class FolderSimulationTests
{
    [Fact]
    public void What_was_acknowledged_is_there_and_what_was_deleted_is_not_whenever_the_power_goes()
    {
        var seen = SeedRun.Over(SeedRun.IsLong ? 20_000 : 150, typeof(FolderSimulationTests), static (seed, seen) => new FolderSimulation(seed, seen).Run(lives: 6));
        seen.AssertMet("made", "not made", "deleted", "truncation", "start anew", "records deleted", "power failure", "kill", "stop", "clean start", "row W5", "row T3");
    }

    [Fact]
    public void The_power_may_go_at_every_single_operation()
    {
        var last = 0L;
        for (var seed = 0; seed < (SeedRun.IsLong ? 40 : 2); seed++)
        {
            for (var operation = 1L; ; operation++)
            {
                var simulation = new FolderSimulation(seed, new Happenings());
                try
                {
                    if (!simulation.RunUpTo(operation)) break;
                }
                catch (Exception fault)
                {
                    Assert.Fail($"seed {seed}, stopped after operation {operation}: {fault}");
                }

                last = operation;
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {last} operations");
            Assert.True(last > 100);
        }
    }

    [Fact]
    public void A_log_that_is_told_of_before_its_folder_is_on_disk_is_noticed() =>
        AssertNoticed("ends at 0", static disk => new FaultyDisk(disk, skipsFolder: static path => path == TestFolder.Path));

    [Fact]
    public void A_deletion_that_is_told_of_before_it_is_on_disk_is_noticed() =>
        AssertNoticed("is back", static disk => new FaultyDisk(disk, skipsFolder: static path => path == TestFolder.Path));

    [Fact]
    public void Start_offsets_that_are_told_of_before_they_are_on_disk_are_noticed() =>
        AssertNoticed("starts at", static disk => new FaultyDisk(disk, skipsFile: static path => path.Contains(OffsetCheckpoint.LogStart, StringComparison.Ordinal)));

    [Fact]
    public void A_recovery_point_above_what_is_on_disk_is_noticed() =>
        AssertNoticed("T6", static disk => new FaultyDisk(disk, skipsFile: static path => path.EndsWith(".log", StringComparison.Ordinal)));

    private static void AssertNoticed(string said, Func<MemoryFileSystem, IFileSystem> wrap)
    {
        var noticed = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < 100; seed++)
        {
            try
            {
                new FolderSimulation(seed, new Happenings(), wrap).Run(lives: 6);
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException or InvalidBatchException)
            {
                noticed[fault.Message] = 1;
            }
        }

        Assert.True(noticed.Keys.Count(message => message.Contains(said, StringComparison.Ordinal)) > 2, string.Join('\n', noticed.Keys));
    }
}
