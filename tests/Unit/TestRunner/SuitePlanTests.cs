using Moldau.TestRunner;
using Xunit;

namespace Moldau.Unit.TestRunner;

public sealed class SuitePlanTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("moldau-");

    public SuitePlanTests()
    {
        foreach (var suite in new[] { "Unit", "Fuzz", "Compatibility" })
        {
            var folder = _root.CreateSubdirectory($"tests/{suite}");
            File.WriteAllText(Path.Combine(folder.FullName, $"Moldau.{suite}.csproj"), "");
        }

        _root.CreateSubdirectory("tests/Shared");
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_full_run_takes_every_test_project_and_the_data_path_twice() =>
        Assert.Equal(["Unit", "Unit, fallbacks forced on Protocol for .NET 8", "Compatibility", "Fuzz"], Plan(RunKind.Full).Select(suite => suite.Name));

    [Fact]
    public void A_fast_run_takes_the_unit_tests_once() =>
        Assert.Equal("Unit", Assert.Single(Plan(RunKind.Fast)).Name);

    [Fact]
    public void A_long_run_tells_every_suite()
    {
        Assert.All(Plan(RunKind.Long), suite => Assert.Equal("1", suite.Environment["MOLDAU_LONG"]));
        Assert.All(Plan(RunKind.Full), suite => Assert.False(suite.Environment.ContainsKey("MOLDAU_LONG")));
    }

    [Fact]
    public void The_fallbacks_run_on_the_data_path_only_and_a_filter_narrows_that()
    {
        var suite = Plan(RunKind.Full, "-class", "*Zstd*")[1];

        Assert.Equal("0", suite.Environment["DOTNET_EnableHWIntrinsic"]);
        Assert.Equal(["-class", "*Zstd*", "-namespace", "Moldau.Unit.Protocol", "-namespace", "Moldau.Unit.Protocol.*"], suite.Arguments);
    }

    [Fact]
    public void A_filter_that_more_namespaces_would_widen_runs_as_it_is() =>
        Assert.Equal(["-namespace", "A.B"], Plan(RunKind.Full, "-namespace", "A.B")[1].Arguments);

    private List<Suite> Plan(RunKind kind, params string[] filter) => SuitePlan.Make(_root.FullName, kind, filter);
}
