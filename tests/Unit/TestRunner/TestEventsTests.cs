using Moldau.TestRunner;
using Xunit;

namespace Moldau.Unit.TestRunner;

public class TestEventsTests
{
    private const string Begin = """{"$type":"test-starting","TestUniqueID":"1","TestDisplayName":"A.Test"}""";
    private const string Finish = """{"$type":"test-finished","TestUniqueID":"1","ExecutionTime":0.5}""";
    private const string AllFinished = """{"$type":"test-assembly-finished","TestsFailed":0}""";

    [Fact]
    public void A_passed_test_is_reported_with_its_time_and_what_it_said()
    {
        var results = End(0, Begin, """{"$type":"test-passed","TestUniqueID":"1","ExecutionTime":0.5,"Output":"seed 7\n"}""", Finish, AllFinished);

        Assert.Equal([new FinishedTest("Suite", "A.Test", Outcome.Passed, TimeSpan.FromSeconds(0.5), "", "seed 7\n")], results);
    }

    [Fact]
    public void A_failed_test_is_reported_with_every_exception_and_its_trace()
    {
        var result = Assert.Single(End(1, Begin, Failed, Finish, AllFinished));

        Assert.Equal(Outcome.Failed, result.Outcome);
        foreach (var part in new[] { "OuterException: outer", "at Outer()", "InnerException: inner" }) Assert.Contains(part, result.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void A_skipped_test_is_reported_with_its_reason()
    {
        var result = Assert.Single(End(0, Begin, """{"$type":"test-skipped","TestUniqueID":"1","ExecutionTime":0,"Reason":"no Kafka"}""", Finish, AllFinished));

        Assert.Equal((Outcome.Skipped, "no Kafka"), (result.Outcome, result.Details));
    }

    [Fact]
    public void An_event_is_found_behind_text_that_a_test_left_on_the_line()
    {
        var results = End(0, "stray" + Begin, """more{"$type":"test-passed","TestUniqueID":"1","ExecutionTime":0}""", AllFinished);

        Assert.Equal("A.Test", Assert.Single(results).Test);
    }

    [Fact]
    public void A_fixture_that_fails_to_clean_up_is_a_failure()
    {
        var results = End(1, """{"$type":"test-class-cleanup-failure","ExceptionTypes":["E"],"Messages":["left open"],"StackTraces":[null]}""", AllFinished);

        Assert.Contains("left open", Assert.Single(results).Details, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suite_that_crashes_is_a_failure_that_names_the_tests_it_was_in_and_its_last_words()
    {
        var result = Assert.Single(End(134, Begin, "Fatal error. 0xC0000005"));

        Assert.Equal(Outcome.Failed, result.Outcome);
        Assert.Contains("exit code 134", result.Details, StringComparison.Ordinal);
        Assert.Contains(": A.Test", result.Details, StringComparison.Ordinal);
        Assert.Contains("0xC0000005", result.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suite_that_was_killed_is_a_failure_even_if_all_its_tests_passed()
    {
        var events = new TestEvents("Suite", TimeProvider.System);
        foreach (var line in new[] { Begin, """{"$type":"test-passed","TestUniqueID":"1","ExecutionTime":0}""", Finish, AllFinished }) events.Take(line);

        var results = events.End(137, "killed at its deadline", "");

        Assert.Equal([Outcome.Passed, Outcome.Failed], results.Select(result => result.Outcome));
    }

    [Fact]
    public void An_exit_code_that_no_test_explains_is_a_failure() =>
        Assert.Equal(Outcome.Failed, Assert.Single(End(3, AllFinished)).Outcome);

    private const string Failed =
        """{"$type":"test-failed","TestUniqueID":"1","ExecutionTime":0,"ExceptionTypes":["OuterException","InnerException"],"Messages":["outer","inner"],"StackTraces":["at Outer()",null]}""";

    private static IReadOnlyList<FinishedTest> End(int exitCode, params string[] lines)
    {
        var events = new TestEvents("Suite", TimeProvider.System);
        foreach (var line in lines) events.Take(line);
        return events.End(exitCode, killed: null, errors: "");
    }
}
