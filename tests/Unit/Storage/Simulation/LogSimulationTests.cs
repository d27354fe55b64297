using System.Globalization;
using Xunit;

namespace Moldau.Unit.Storage.Simulation;

public class LogSimulationTests
{
    private static int Count => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1" ? 1_000 : 100;

    [Fact]
    public void Nothing_acknowledged_is_lost_and_nothing_is_invented_whatever_the_end()
    {
        var given = Environment.GetEnvironmentVariable("MOLDAU_SEED");
        var first = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"MOLDAU_SEED={first}");
        var seen = new Happenings();
        for (var i = 0; i < Count; i++)
        {
            var seed = unchecked(first + i);
            try
            {
                new LogSimulation(seed, seen).Run();
            }
            catch (Exception fault)
            {
                Assert.Fail($"MOLDAU_SEED={seed}: {fault}");
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(seen.ToString());
    }
}
