namespace Moldau.Host.Commands.Bench;

/// <summary>Durations in milliseconds, and what stands out of them.</summary>
internal sealed class LatencySamples
{
    private readonly Lock _gate = new();
    private readonly List<double> _samples = [];
    private double _sum;

    public double Average => _samples.Count == 0 ? 0 : _sum / _samples.Count;

    public void Add(TimeSpan duration)
    {
        lock (_gate)
        {
            _samples.Add(duration.TotalMilliseconds);
            _sum += duration.TotalMilliseconds;
        }
    }

    /// <summary>The smallest sample that so large a part of all is not above.</summary>
    public double[] Quantiles(params double[] parts)
    {
        lock (_gate)
        {
            _samples.Sort();
            return [.. parts.Select(part => _samples.Count == 0 ? 0 : _samples[Math.Clamp((int)Math.Ceiling(part * _samples.Count) - 1, 0, _samples.Count - 1)])];
        }
    }
}
