namespace Moldau.TestRunner;

/// <summary>What became of one test.</summary>
/// <param name="Details">Of a failure all that is known, of a skipped test the reason, otherwise nothing.</param>
/// <param name="Said">What the test wrote, such as its seed.</param>
internal sealed record FinishedTest(string Suite, string Test, Outcome Outcome, TimeSpan Time, string Details, string Said);
