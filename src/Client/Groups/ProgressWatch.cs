namespace Moldau.Client.Groups;

/// <summary>Whether a consumer that has something to do gets on with it. One that waits for records is not late.</summary>
internal sealed class ProgressWatch(TimeSpan longest)
{
    private const long Resting = -1;

    private readonly long _longestMs = (long)longest.TotalMilliseconds;
    private long _since = Resting;

    /// <summary>Something was done, and there is more.</summary>
    public void Advance(long now) => Volatile.Write(ref _since, now);

    /// <summary>Nothing is to be done.</summary>
    public void Rest() => Volatile.Write(ref _since, Resting);

    public bool IsOverdue(long now) => Volatile.Read(ref _since) is var since && since != Resting && now - since >= _longestMs;

    /// <summary>When to look again.</summary>
    public long DueAt(long now) => Volatile.Read(ref _since) is var since && since != Resting && now - since < _longestMs ? since + _longestMs : long.MaxValue;
}
