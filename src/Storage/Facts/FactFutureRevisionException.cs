namespace Moldau.Storage.Facts;

/// <summary>A revision was asked for that there is not yet.</summary>
public sealed class FactFutureRevisionException(long revision, long latest)
    : Exception($"revision {revision} is not there yet, the latest is {latest}")
{
    public long Revision { get; } = revision;

    public long Latest { get; } = latest;
}
