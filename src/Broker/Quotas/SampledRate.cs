namespace Moldau.Broker.Quotas;

/// <summary>
/// A rate as Kafka takes it: the sum over the last windows, of which the current one has only begun, divided by the time they
/// cover. Windows before the first one count as empty ones. Belongs to one caller at a time.
/// </summary>
internal sealed class SampledRate(QuotaWindow window)
{
    // One more than is asked for: the oldest reaches into the time that is looked at.
    private readonly Sample[] _samples = new Sample[window.Count + 1];
    private int _count;
    private int _current;

    public void Record(double value, long now)
    {
        if (_count == 0)
        {
            _count = 1;
            _samples[0] = new Sample { Start = now };
        }
        else if (now - _samples[_current].Start >= window.Milliseconds)
        {
            _current = (_current + 1) % _samples.Length;
            _count = Math.Max(_count, _current + 1);
            _samples[_current] = new Sample { Start = now };
        }

        ref var sample = ref _samples[_current];
        sample.Sum += value;
        sample.Last = now;
    }

    /// <summary>A second.</summary>
    public double Measure(long now)
    {
        Forget(now);
        var sum = 0.0;
        for (var i = 0; i < _count; i++) sum += _samples[i].Sum;
        return sum * 1000 / CoveredMilliseconds(now);
    }

    /// <summary>The time the rate is taken over.</summary>
    public long CoveredMilliseconds(long now)
    {
        var start = now;
        for (var i = 0; i < _count; i++) start = Math.Min(start, _samples[i].Start);
        var elapsed = now - start;
        var missing = Math.Max(0, window.Count - 1 - (elapsed / window.Milliseconds));
        return Math.Max(1, elapsed + (missing * window.Milliseconds));
    }

    /// <summary>Whether it holds nothing that counts still.</summary>
    public bool IsQuiet(long now) => _count == 0 || now - _samples[_current].Last >= (long)window.Count * window.Milliseconds;

    private void Forget(long now)
    {
        for (var i = 0; i < _count; i++)
        {
            if (now - _samples[i].Last >= (long)window.Count * window.Milliseconds) _samples[i] = new Sample { Start = now, Last = now };
        }
    }

    private struct Sample
    {
        public double Sum;
        public long Start;
        public long Last;
    }
}
