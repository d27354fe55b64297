using System.Globalization;
using Xunit;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>
/// Runs a simulation with one seed after the other. Of one that fails it tells the story, which is what was done one by one,
/// and the command that repeats it.
/// </summary>
internal static class SeedRun
{
    private const string Variable = "MOLDAU_SEED";

    // So much of a story is told of a seed that nobody asked for; all of it where it is repeated.
    private const int LastOfStory = 150;

    // A run of hours is not to end with the first one.
    private const int MostFailures = 20;

    public static bool IsLong => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1";

    /// <param name="seeds">How many.</param>
    /// <param name="tests">The class that the run is a test of.</param>
    /// <param name="run">Runs one of them.</param>
    /// <returns>What they came upon together.</returns>
    public static Happenings Over(int seeds, Type tests, Action<int, Happenings> run)
    {
        var output = TestContext.Current.TestOutputHelper!;
        var given = Environment.GetEnvironmentVariable(Variable);
        var isGiven = given is { Length: > 0 };
        var first = isGiven ? int.Parse(given!, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"{Variable}={first}, {seeds} seeds");
        var seen = new Happenings();
        var failures = new List<string>();
        for (var i = 0; i < seeds && failures.Count < (IsLong ? MostFailures : 1); i++)
        {
            var seed = unchecked(first + i);
            try
            {
                run(seed, seen);
            }
            catch (Exception fault)
            {
                output.WriteLine($"the story of {Variable}={seed}:\n{StoryOf(seed, run, isGiven ? int.MaxValue : LastOfStory)}\n{fault}");
                failures.Add($"{fault.Message}; again, with its whole story: {Variable}={seed} ./test --fast -showLiveOutput -class {tests.FullName}");
            }
        }

        output.WriteLine(seen.ToString());
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        return seen;
    }

    private static string StoryOf(int seed, Action<int, Happenings> run, int lines)
    {
        var told = new Happenings(tells: true);
        try
        {
            run(seed, told);
            told.Story!.Add("the second time nothing was amiss: something besides the seed decides");
        }
        catch (Exception fault)
        {
            told.Story!.Add(fault.Message);
        }

        return string.Join('\n', told.Story.TakeLast(lines));
    }
}
