using System.Diagnostics;

namespace Moldau.Bench.Harness;

/// <summary>One side of a row under the clock.</summary>
internal sealed class Sampler(Subject subject, Pace pace)
{
    private const int SettledSamples = 4;

    // Long enough for the code to be compiled again with what its profile says, in the background.
    private static readonly TimeSpan LeastWarmUp = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan MostWarmUp = TimeSpan.FromSeconds(2);

    private int _operations = 1;

    /// <summary>Until its time has been the same for a while, or will not become so.</summary>
    public void WarmUp()
    {
        var started = Stopwatch.GetTimestamp();
        var recent = new Queue<double>();
        while (true)
        {
            var sample = Time();
            _operations = (int)Math.Clamp(pace.SampleMilliseconds * 1e6 / Math.Max(1, sample), 1, int.MaxValue / 2);
            recent.Enqueue(sample);
            if (recent.Count > SettledSamples) recent.Dequeue();
            var elapsed = Stopwatch.GetElapsedTime(started);
            var isSettled = recent.Count == SettledSamples && recent.Max() <= recent.Min() * (1 + pace.SettledWithin);
            if (elapsed > MostWarmUp || (elapsed > LeastWarmUp && isSettled)) return;
        }
    }

    /// <returns>Nanoseconds for a piece of work.</returns>
    public double Sample() => Time() / subject.Work;

    public double BytesPerOperation()
    {
        subject.Prepare?.Invoke();
        var before = GC.GetAllocatedBytesForCurrentThread();
        subject.Run(_operations);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / _operations;
    }

    private double Time()
    {
        subject.Prepare?.Invoke();
        var started = Now();
        subject.Run(_operations);
        var passed = (Now() - started) / _operations;
        return subject.Reported?.Invoke() ?? passed;
    }

    private double Now() => pace.CountsWaiting ? Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency) : ThreadClock.Nanoseconds();
}
