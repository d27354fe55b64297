using System.Diagnostics;

namespace Moldau.Fuzz.Engine;

/// <summary>Gives one input to a target and holds what it does against what it may do.</summary>
internal sealed class InputJudge(FuzzTarget target, FuzzLimits limits)
{
    private const int TimesToConfirmSlowness = 3;

    /// <summary>What the last input was refused with, or null when it was read.</summary>
    public Exception? Refusal { get; private set; }

    /// <returns>What is wrong, or null.</returns>
    public string? Judge(byte[] input)
    {
        var elapsed = Run(input, out var allocated);
        // A busy machine makes one run slow, but not every run.
        for (var times = 1; times < TimesToConfirmSlowness && elapsed > limits.Slow; times++)
        {
            var again = Run(input, out _);
            if (again < elapsed) elapsed = again;
        }

        if (Refusal is not null && !target.IsDocumented(Refusal)) return "throws what no caller expects: " + Refusal;
        if (elapsed > limits.Slow) return $"takes {elapsed.TotalSeconds:f1} s for {input.Length} bytes";
        var allowed = target.AllowedAllocation(input.Length);
        if (allocated > allowed) return $"allocates {allocated} bytes for {input.Length} bytes of input, over the {allowed} allowed";
        return Contradiction(input);
    }

    private TimeSpan Run(byte[] input, out long allocated)
    {
        Refusal = null;
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Read(input);
        }
#pragma warning disable CA1031 // Whether it is one of those it may throw is judged below.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Refusal = exception;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return Stopwatch.GetElapsedTime(started);
    }

    private string? Contradiction(byte[] input)
    {
        try
        {
            return target.Contradiction(input, Refusal);
        }
#pragma warning disable CA1031 // Nothing may be thrown here.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (Refusal is null ? "was read, and then: " : "was refused, and then: ") + exception;
        }
    }
}
