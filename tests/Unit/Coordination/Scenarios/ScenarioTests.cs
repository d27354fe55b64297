using Xunit;

namespace Moldau.Unit.Coordination.Scenarios;

public class ScenarioTests
{
    public static TheoryData<string> Names => [.. Directory.GetFiles(Scenario.Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_comes_out_as_it_is_written(string name)
    {
        var path = Path.Combine(Scenario.Folder, name + ".txt");
        var written = File.ReadAllText(path).ReplaceLineEndings("\n");
        var played = Scenario.Play(written);
        if (Environment.GetEnvironmentVariable(Scenario.Variable) == "write") File.WriteAllText(path, played);
        else Assert.Equal(written, played);
    }
}
