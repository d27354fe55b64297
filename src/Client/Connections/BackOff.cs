namespace Moldau.Client.Connections;

/// <summary>How long to wait before something is tried again: doubling, bounded, and spread so that many do not come back at once.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest, Random chance)
{
    private const double Spread = 0.2;

    private readonly Lock _gate = new();

    public TimeSpan After(int failures)
    {
        if (failures <= 0) return TimeSpan.Zero;
        var plain = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30)));
        return TimeSpan.FromMilliseconds(plain * (1 - Spread + 2 * Spread * Draw()));
    }

    /// <summary>A number from 0 to below the bound.</summary>
    public int Choose(int bound)
    {
        lock (_gate) return chance.Next(bound);
    }

    /// <summary>A number from 0 to below 1.</summary>
    public double Draw()
    {
        lock (_gate) return chance.NextDouble();
    }
}
