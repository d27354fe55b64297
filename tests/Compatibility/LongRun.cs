using Xunit;

namespace Moldau.Compatibility;

/// <summary>Whether tests that take their time run: with <c>MOLDAU_LONG=1</c>.</summary>
internal static class LongRun
{
    /// <param name="reason">Why it takes so long.</param>
    public static void Require(string reason) => Assert.SkipUnless(Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1", $"MOLDAU_LONG=1 runs it; {reason}");
}
