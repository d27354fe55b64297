using System.Diagnostics.Metrics;

namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>
/// Values in fixed buckets. One thread at a time adds, without a lock; others read meanwhile, and may see a value whose sum
/// they miss. Whoever exports listens to the instrument, which costs nothing while nobody does.
/// </summary>
internal sealed class Histogram(Buckets buckets, Histogram<double>? instrument = null, params KeyValuePair<string, object?>[] tags)
{
    private readonly long[] _bounds = buckets.Counted;
    private readonly long[] _counts = new long[buckets.Counted.Length + 1];
    private long _sum;

    public void Add(long value)
    {
        var place = 0;
        while (place < _bounds.Length && value > _bounds[place]) place++;
        _counts[place]++;
        _sum += value;
        if (instrument is { Enabled: true }) instrument.Record(value / buckets.Scale, tags);
    }

    public void AddTo(HistogramReading reading)
    {
        for (var i = 0; i < _counts.Length; i++) reading.Counts[i] += Volatile.Read(ref _counts[i]);
        reading.Sum += Volatile.Read(ref _sum) / buckets.Scale;
    }
}
