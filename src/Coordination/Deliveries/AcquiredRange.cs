namespace Moldau.Coordination.Deliveries;

/// <summary>Records that were given to somebody.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">Is one of them.</param>
/// <param name="Count">The how manieth delivery it is of each.</param>
public readonly record struct AcquiredRange(long First, long Last, short Count)
{
    public long Size => Last - First + 1;
}
