namespace Moldau.Bench.Harness;

/// <summary>How a row's samples are taken.</summary>
/// <param name="CountsWaiting">Whether the time that passes is measured, and not the thread's on a processor alone.</param>
/// <param name="SampleMilliseconds">About how long a sample takes.</param>
/// <param name="SettledWithin">How far apart the last samples may be when a side counts as warm.</param>
internal sealed record Pace(bool CountsWaiting, double SampleMilliseconds, double SettledWithin)
{
    /// <summary>Work of one thread.</summary>
    public static Pace Processor { get; } = new(CountsWaiting: false, 30, 0.04);

    /// <summary>Work that waits for the disk or for other threads: longer, since it varies more.</summary>
    public static Pace Disk { get; } = new(CountsWaiting: true, 120, 0.15);

    /// <summary>Work that is done once after each preparation.</summary>
    public static Pace Once { get; } = new(CountsWaiting: true, 0, 0.25);
}
