using System.Globalization;
using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Unit.Storage.Facts;

public class FactSimulationTests
{
    private static int Count => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1" ? 5_000 : 300;

    [Fact]
    public void Nothing_acknowledged_is_lost_and_nothing_is_invented_whenever_the_power_goes()
    {
        var given = Environment.GetEnvironmentVariable("MOLDAU_SEED");
        var first = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"MOLDAU_SEED={first}");
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Count; i++)
        {
            var seed = unchecked(first + i);
            // One write in thirty is told as failed though all of it was written.
            var denials = new Random(seed);
            var simulation = new FactSimulation(seed, disk => new LyingDisk(disk, deniesWrite: () => denials.Next(30) == 0));
            try
            {
                simulation.Run();
            }
            catch (Exception fault)
            {
                Assert.Fail($"MOLDAU_SEED={seed}: {fault}");
            }

            foreach (var (what, count) in simulation.Seen) seen[what] = seen.GetValueOrDefault(what) + count;
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", seen.Select(entry => $"{entry.Key} {entry.Value}")));
        // A simulation that meets none of these proves nothing.
        string[] expected = ["Applied", "Rejected", "Unknown", "DiskFull", "ReadOnly", "crash", "cut", "watched", "watch compacted", "fault in Flush", "fault in Write", "fault in Rename"];
        Assert.All(expected, what => Assert.Contains(what, seen.Keys));
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
                new FactSimulation(seed, wrap).Run();
            }
            catch (Exception fault) when (fault is InvalidDataException or Moldau.Storage.Facts.FactFileException)
            {
                noticed++;
            }
        }

        Assert.True(noticed > 5, $"noticed with {noticed} of 20 seeds");
    }
}
