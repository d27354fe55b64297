namespace Moldau.Storage.Compaction;

/// <summary>What holds for one pass over a log.</summary>
/// <param name="Now">The time of day, in milliseconds, that horizons are set and held against.</param>
/// <param name="DeleteRetention">For so long a tombstone, or the marker of a transaction of which nothing is left, can still be read: <c>delete.retention.ms</c>.</param>
/// <param name="End">The first offset that the pass must not touch.</param>
internal readonly record struct PassRules(long Now, long DeleteRetention, long End)
{
    /// <summary>The horizon of what is found superseded now.</summary>
    public long Horizon => long.MaxValue - DeleteRetention < Now ? long.MaxValue : Now + DeleteRetention;

    public bool IsPast(long? horizon) => horizon <= Now;
}
