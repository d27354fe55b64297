namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>The bounds of a histogram, as they are shown and as they are counted by.</summary>
/// <param name="shown">In seconds or bytes, ascending.</param>
/// <param name="scale">What is counted, per unit that is shown.</param>
internal sealed class Buckets(double[] shown, double scale)
{
    private static readonly double[] Times = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly double[] Lengths = [64, 256, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26];

    public static Buckets Sizes { get; } = new(Lengths, 1);

    public double[] Shown { get; } = shown;

    /// <summary>What is counted, per unit that is shown.</summary>
    public double Scale { get; } = scale;

    public long[] Counted { get; } = Array.ConvertAll(shown, bound => (long)(bound * scale));

    /// <summary>Durations, in a clock's own units.</summary>
    public static Buckets Durations(TimeProvider clock) => new(Times, clock.TimestampFrequency);
}
