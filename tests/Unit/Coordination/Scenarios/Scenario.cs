using Moldau.Shared;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>
/// A text of events and what came of each: a line that begins with a word is an event, the indented lines below it are what
/// it brings about; '#' begins a comment. MOLDAU_SCENARIOS=write writes what comes now in place of what stands there.
/// </summary>
internal static class Scenario
{
    public const string Variable = "MOLDAU_SCENARIOS";

    public static string Folder { get; } = Path.Combine(RepositoryPaths.Root, "tests", "Unit", "Coordination", "Scenarios");

    /// <summary>The text as it comes out now.</summary>
    public static string Play(string text)
    {
        var played = new List<string>();
        var run = new ScenarioRun();
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(' ')) continue;
            played.Add(line.TrimEnd());
            if (line.Length == 0 || line.StartsWith('#')) continue;
            try
            {
                foreach (var told in run.Play(line)) played.Add("  " + told);
            }
            catch (Exception fault) when (fault is FormatException or KeyNotFoundException or InvalidOperationException)
            {
                throw new InvalidDataException($"'{line}': {fault.Message}", fault);
            }
        }

        return string.Join('\n', played).TrimEnd() + "\n";
    }
}
