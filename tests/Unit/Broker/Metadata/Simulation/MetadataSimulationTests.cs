using System.Globalization;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Simulation;

public class MetadataSimulationTests
{
    // Each many times in a short run; the others now and then in a long one.
    private static readonly string[] Common =
    [
        "Created", "NameTaken", "Abandoned", "deleted", "not found", "Changed", "Overtaken", "altered", "no such topic", "block", "removed 1",
        "late Applied", "late Rejected", "unknown", "compacted", "watched", "image checked",
        "crash", "killed", "clean stop", "could not open", "came to rest", "raised", "nothing to raise", "disk fault",
    ];

    private static readonly string[] Rare = ["late Unknown", "ReadOnly", "DiskFull", "DiskFailed", "stop too early", "could not start"];

    private static bool IsLong => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1";

    [Fact]
    public async Task What_was_told_holds_and_nobody_sees_anything_half_made_whenever_it_ends()
    {
        var given = Environment.GetEnvironmentVariable("MOLDAU_SEED");
        var first = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"MOLDAU_SEED={first}");
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < (IsLong ? 5_000 : 60); i++)
        {
            var seed = unchecked(first + i);
            var simulation = new MetadataSimulation(seed);
            try
            {
                await Task.Run(simulation.Run, TestContext.Current.CancellationToken);
            }
            catch (Exception fault)
            {
                Assert.Fail($"MOLDAU_SEED={seed}: {fault}");
            }

            foreach (var (what, count) in simulation.Seen) seen[what] = seen.GetValueOrDefault(what) + count;
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", seen.Select(static entry => $"{entry.Key} {entry.Value}")));
        // A simulation that meets none of these proves nothing.
        Assert.All(IsLong ? [.. Common, .. Rare] : Common, what => Assert.Contains(what, seen.Keys));
    }

    [Fact]
    public async Task A_seed_decides_everything()
    {
        var seen = new List<string>();
        for (var time = 0; time < 2; time++)
        {
            var simulation = new MetadataSimulation(4);
            await Task.Run(simulation.Run, TestContext.Current.CancellationToken);
            seen.Add(string.Join(", ", simulation.Seen));
        }

        Assert.Equal(seen[0], seen[1]);
    }
}
