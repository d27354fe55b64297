namespace Moldau.TestRunner;

/// <summary>What a run has to say at its end. The last line is the totals, and nothing else stands on it.</summary>
internal static class Report
{
    private const int SlowestShown = 10;

    /// <returns>The exit code: a run in which nothing passed proves nothing.</returns>
    public static int Write(IReadOnlyList<FinishedTest> results, TextWriter output)
    {
        var said = results.Where(result => result.Outcome == Outcome.Passed && result.Said.Length > 0).ToList();
        if (said.Count > 0) output.WriteLine("\nSaid by passing tests:");
        foreach (var result in said) WriteIndented($"{result.Suite}: {result.Test}", result.Said, output);

        var skipped = results.Where(result => result.Outcome == Outcome.Skipped).ToList();
        if (skipped.Count > 0) output.WriteLine("\nSkipped:");
        foreach (var result in skipped) output.WriteLine($"  {result.Suite}: {result.Test}: {result.Details}");

        output.WriteLine("\nSlowest:");
        foreach (var result in results.OrderByDescending(result => result.Time).Take(SlowestShown))
        {
            output.WriteLine($"  {result.Time.TotalSeconds,8:F2} s  {result.Suite}: {result.Test}");
        }

        var failed = results.Where(result => result.Outcome == Outcome.Failed).ToList();
        if (failed.Count > 0) output.WriteLine("\nFailed:");
        foreach (var result in failed)
        {
            WriteIndented($"{result.Suite}: {result.Test}", result.Details, output);
            if (result.Said.Length > 0) WriteIndented("it said", result.Said, output);
        }

        var passed = results.Count - failed.Count - skipped.Count;
        output.WriteLine();
        output.WriteLine($"{passed} passed, {failed.Count} failed, {skipped.Count} skipped");
        return failed.Count == 0 && passed > 0 ? 0 : 1;
    }

    private static void WriteIndented(string heading, string text, TextWriter output)
    {
        output.WriteLine($"  {heading}");
        foreach (var line in text.TrimEnd().Split('\n')) output.WriteLine($"    {line.TrimEnd('\r')}");
    }
}
