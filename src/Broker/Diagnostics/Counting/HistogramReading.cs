namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>What one or several histograms of the same buckets have counted.</summary>
internal sealed class HistogramReading(Buckets buckets)
{
    public Buckets Buckets { get; } = buckets;

    /// <summary>By bucket, and at the end what is above all of them.</summary>
    public long[] Counts { get; } = new long[buckets.Shown.Length + 1];

    /// <summary>In the unit that is shown.</summary>
    public double Sum { get; set; }

    public long Count => Counts.Sum();

    public static HistogramReading Of(Buckets buckets, params IEnumerable<Histogram> histograms)
    {
        var reading = new HistogramReading(buckets);
        foreach (var histogram in histograms) histogram.AddTo(reading);
        return reading;
    }
}
