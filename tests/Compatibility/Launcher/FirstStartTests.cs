using System.Diagnostics;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Launcher;

/// <summary>The launcher with the real SDK and the real program.</summary>
public sealed class FirstStartTests(ITestOutputHelper output)
{
    private static readonly string Launcher = Path.Combine(RepositoryPaths.Root, "moldau");

    [Fact]
    public async Task It_prints_the_version_and_the_commit()
    {
        var launch = await Launch.RunAsync(Launcher, ["--version"]);

        var commit = Path.Exists(Path.Combine(RepositoryPaths.Root, ".git")) ? "commit [0-9a-f]{12}, " : "";
        Assert.Matches($@"^moldau \d+\.\d+\.\d+ \({commit}\.NET 10\.0\.\d+\)\s*$", launch.Output);
        Assert.Equal(0, launch.ExitCode);
    }

    [Theory]
    [InlineData(0, "api")]
    [InlineData(2, "ap")]
    [InlineData(2, "api", "--fromat", "json")]
    public async Task The_exit_code_is_the_programs(int exitCode, params string[] arguments) =>
        Assert.Equal(exitCode, (await Launch.RunAsync(Launcher, arguments)).ExitCode);

    /// <summary>What is meant is below 50 ms for the launcher; a machine may be busy, and a build would take many seconds.</summary>
    [Fact]
    public async Task A_start_behind_which_nothing_has_changed_builds_nothing()
    {
        var program = Path.Combine(RepositoryPaths.Root, "artifacts", "bin", "Moldau.Host", "release", "moldau");
        await Launch.RunAsync(Launcher, ["--version"]);

        var alone = await MedianAsync(program);
        var launched = await MedianAsync(Launcher);

        output.WriteLine($"moldau --version: {launched:F0} ms, {launched - alone:F0} ms of them the launcher's look for changes");
        Assert.InRange(launched - alone, double.NegativeInfinity, 2000);
    }

    [Fact]
    public async Task Two_first_starts_at_once_in_a_fresh_copy_are_safe()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1", "builds all of Moldau once more; ./test --long does");
        var copy = Directory.CreateTempSubdirectory("moldau first start ");
        try
        {
            var clone = Path.Combine(copy.FullName, "clone");
            Assert.Equal(0, (await Launch.RunAsync("git", ["clone", "--quiet", RepositoryPaths.Root, clone])).ExitCode);

            var launches = await Task.WhenAll(Start(clone), Start(clone));

            Assert.All(launches, launch => Assert.Equal((0, launches[0].Output), (launch.ExitCode, launch.Output)));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static Task<Launch> Start(string clone) => Launch.RunAsync(Path.Combine(clone, "moldau"), ["--version"]);

    private static async Task<double> MedianAsync(string program)
    {
        var times = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await Launch.RunAsync(program, ["--version"]);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }
}
