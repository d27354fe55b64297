namespace Moldau.Storage.Facts;

/// <summary>A revision was asked for that is no longer kept. Read the latest one, and watch from there.</summary>
public sealed class FactCompactedException(long revision, long lowestKept)
    : Exception($"revision {revision} is no longer kept, the lowest that is is {lowestKept}: read again and watch from what was read")
{
    public long Revision { get; } = revision;

    public long LowestKept { get; } = lowestKept;
}
