using Moldau.TestRunner;
using Xunit;

namespace Moldau.Unit.TestRunner;

public class ReportTests
{
    [Fact]
    public void The_last_line_is_the_totals_alone()
    {
        var (exitCode, lines) = Write(Result(Outcome.Passed), Result(Outcome.Failed), Result(Outcome.Passed), Result(Outcome.Skipped));

        Assert.Equal("2 passed, 1 failed, 1 skipped", lines[^1]);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public void A_run_without_failures_succeeds() => Assert.Equal(0, Write(Result(Outcome.Passed), Result(Outcome.Skipped)).ExitCode);

    [Fact]
    public void A_run_in_which_nothing_passed_fails()
    {
        Assert.Equal(1, Write().ExitCode);
        Assert.Equal(1, Write(Result(Outcome.Skipped)).ExitCode);
    }

    [Fact]
    public void Failures_and_reasons_are_shown_in_full()
    {
        var (_, lines) = Write(
            Result(Outcome.Failed) with { Details = "first line\nsecond line\n", Said = "seed 7" },
            Result(Outcome.Skipped) with { Details = "no Kafka" });

        foreach (var line in new[] { "    first line", "    second line", "    seed 7", "  Suite: Test: no Kafka" }) Assert.Contains(line, lines);
    }

    [Fact]
    public void The_ten_slowest_are_named_slowest_first()
    {
        var results = Enumerable.Range(1, 12).Select(i => Result(Outcome.Passed) with { Test = $"T{i}", Time = TimeSpan.FromSeconds(i) });

        var (_, lines) = Write([.. results]);

        var slowest = lines.SkipWhile(line => line != "Slowest:").Skip(1).TakeWhile(line => line.Length > 0).ToList();
        Assert.Equal(10, slowest.Count);
        Assert.EndsWith("Suite: T12", slowest[0], StringComparison.Ordinal);
        Assert.EndsWith("Suite: T3", slowest[^1], StringComparison.Ordinal);
    }

    private static FinishedTest Result(Outcome outcome) => new("Suite", "Test", outcome, TimeSpan.Zero, "", "");

    private static (int ExitCode, string[] Lines) Write(params FinishedTest[] results)
    {
        using var output = new StringWriter();
        var exitCode = Report.Write(results, output);
        return (exitCode, output.ToString().TrimEnd('\r', '\n').ReplaceLineEndings("\n").Split('\n'));
    }
}
