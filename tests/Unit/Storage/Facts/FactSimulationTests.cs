using Moldau.Storage.Files;
using Moldau.Unit.Storage.Simulation;
using Xunit;

namespace Moldau.Unit.Storage.Facts;

public class FactSimulationTests
{
    [Fact]
    public void Nothing_acknowledged_is_lost_and_nothing_is_invented_whenever_the_power_goes()
    {
        var seen = SeedRun.Over(SeedRun.IsLong ? 5_000 : 300, typeof(FactSimulationTests), static (seed, seen) =>
        {
            // One write in thirty is told as failed though all of it was written.
            var denials = new Random(seed);
            new FactSimulation(seed, seen, disk => new LyingDisk(disk, deniesWrite: () => denials.Next(30) == 0)).Run();
        });
        seen.AssertMet("Applied", "Rejected", "Unknown", "DiskFull", "ReadOnly", "crash", "cut", "watched", "watch compacted", "fault in Flush", "fault in Write", "fault in Rename");
    }

    [Fact]
    public void A_disk_whose_flush_does_nothing_is_noticed() => AssertNoticed(static disk => new LyingDisk(disk, flushesFiles: false));

    [Fact]
    public void A_disk_whose_folder_flush_does_nothing_is_noticed() => AssertNoticed(static disk => new LyingDisk(disk, flushesFolders: false));

    private static void AssertNoticed(Func<IFileSystem, IFileSystem> wrap)
    {
        var noticed = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            try
            {
                new FactSimulation(seed, new Happenings(), wrap).Run();
            }
            catch (Exception fault) when (fault is InvalidDataException or Moldau.Storage.Facts.FactFileException)
            {
                noticed++;
            }
        }

        Assert.True(noticed > 5, $"noticed with {noticed} of 20 seeds");
    }
}
