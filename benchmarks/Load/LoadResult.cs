namespace Moldau.Bench.Load;

/// <summary>What a load came to.</summary>
/// <param name="Records">How many records were acknowledged, or read.</param>
/// <param name="Seconds">In so long a time.</param>
/// <param name="Latencies">Of each request, in microseconds, sorted; empty where nobody asked for them.</param>
internal sealed record LoadResult(long Records, double Seconds, double[] Latencies)
{
    public double RecordsPerSecond => Records / Seconds;

    public double Quantile(double part) => Latencies.Length == 0 ? double.NaN : Latencies[Math.Clamp((int)Math.Ceiling(part * Latencies.Length) - 1, 0, Latencies.Length - 1)];
}
