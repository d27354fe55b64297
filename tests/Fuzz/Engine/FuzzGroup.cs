using System.Globalization;
using Xunit;

namespace Moldau.Fuzz.Engine;

/// <summary>Runs targets of one kind, shares their time out, prints what was done, and fails with everything that was found.</summary>
internal static class FuzzGroup
{
    /// <param name="kind">What is printed.</param>
    /// <param name="share">Its part of the whole run's time.</param>
    /// <param name="targets">Each gets the same.</param>
    public static void Run(string kind, double share, IReadOnlyList<FuzzTarget> targets)
    {
        var settings = FuzzSettings.Current;
        var budget = TimeSpan.FromSeconds(settings.Seconds * share / Math.Max(1, targets.Count));
        var reports = new List<FuzzReport>();
        // Past the test's own output, so that the seed is known even where a reader takes the process down with it.
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz {kind} with MOLDAU_SEED={settings.Seed}"));
        foreach (var target in targets)
        {
            var report = new FuzzRun(target, settings.SeedFor(target.Name), budget, Regressions.Of(target.Name)).Execute();
            reports.Add(report);
            if (settings.PrintsEveryTarget) Print($"{report.Target}: {report.Inputs} inputs, {report.Accepted} read, {report.Corpus} in the corpus");
        }

        Assert.NotEmpty(reports);
        var least = reports.MinBy(static report => report.Inputs)!;
        var (inputs, accepted) = (reports.Sum(static report => report.Inputs), reports.Sum(static report => report.Accepted));
        Print($"{kind}: MOLDAU_SEED={settings.Seed}, {reports.Count} targets, {inputs} inputs, {100.0 * accepted / inputs:f0} % read; fewest {least.Inputs} ({least.Target})");

        var findings = reports.Where(static report => report.Finding is not null).Select(static report => report.Finding!.Describe()).ToList();
        Assert.True(findings.Count == 0, $"MOLDAU_SEED={settings.Seed}\n" + string.Join("\n\n", findings));
    }

    private static void Print(FormattableString line) => TestContext.Current.TestOutputHelper?.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
