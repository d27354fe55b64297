using Moldau.Shared;
using Moldau.Unit.Coordination.Scenarios;
using Xunit;

namespace Moldau.Unit.Coordination.ShareStates;

/// <summary>The scenarios beside this file; they are written anew as those of groups are.</summary>
public class ScenarioTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "tests", "Unit", "Coordination", "ShareStates", "Scenarios");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.txt").Select(static path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_comes_out_as_it_is_written(string name)
    {
        var path = Path.Combine(Folder, name + ".txt");
        var written = File.ReadAllText(path).ReplaceLineEndings("\n");
        var played = ShareStatePlayer.Play(written);
        if (Environment.GetEnvironmentVariable(Scenario.Variable) == "write") File.WriteAllText(path, played);
        else Assert.Equal(written, played);
    }
}
