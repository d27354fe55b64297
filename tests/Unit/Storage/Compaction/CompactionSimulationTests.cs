using System.Globalization;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

public class CompactionSimulationTests
{
    private const int Breaks = 60;

    private static int Count => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1" ? 5_000 : 200;

    [Fact]
    public void Compaction_loses_nothing_it_must_keep_whenever_the_power_goes()
    {
        var given = Environment.GetEnvironmentVariable("MOLDAU_SEED");
        var first = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"MOLDAU_SEED={first}");
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Count; i++)
        {
            var seed = unchecked(first + i);
            var simulation = new CompactionSimulation(seed);
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
        string[] expected = ["Compacted", "NothingToDo", "Interrupted", "DiskFailed", "F2", "F3", "crash", "closed", "truncated", "start moved", "tombstone gone"];
        Assert.All(expected, what => Assert.Contains(what, seen.Keys));
    }

    [Fact]
    public void A_segment_put_in_place_before_it_is_flushed_is_noticed() =>
        AssertNoticed(static seed => new CompactionSimulation(seed, static disk => new HastyDisk(disk, flushesCleaned: false)), atLeast: 15);

    [Fact]
    public void An_original_deleted_before_its_replacement_is_there_to_stay_is_noticed() =>
        AssertNoticed(static seed => new CompactionSimulation(seed, static disk => new HastyDisk(disk, deletesEarly: true)), atLeast: 10);

    [Theory]
    [InlineData("Tombstones")]
    [InlineData("LastOfSegment")]
    [InlineData("LastOfProducer")]
    public void What_is_dropped_too_early_is_noticed(string dropped)
    {
        var drops = Enum.Parse<HastyFilter.Dropping>(dropped);
        AssertNoticed(seed => new CompactionSimulation(seed, drops: drops), atLeast: 15);
    }

    private static void AssertNoticed(Func<int, CompactionSimulation> make, int atLeast)
    {
        var noticed = 0;
        for (var seed = 0; seed < Breaks; seed++)
        {
            try
            {
                make(seed).Run();
            }
            catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException or IOException or InvalidBatchException)
            {
                noticed++;
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"noticed with {noticed} of {Breaks} seeds");
        Assert.True(noticed >= atLeast, $"noticed with {noticed} of {Breaks} seeds");
    }
}
