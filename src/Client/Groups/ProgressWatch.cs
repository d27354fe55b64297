namespace Moldau.Client.Groups;

/// <summary>Whether a consumer that has something to do gets on with it. One that waits for records is not late.</summary>
internal sealed class ProgressWatch(TimeSpan longest)
{
    // How often it is looked at, at least, in the time that somebody may take.
    private const int Looks = 4;

    private readonly long _longestMs = Math.Max(1, (long)longest.TotalMilliseconds);
    private long? _seen;
    private long _since;
    private volatile bool _isLate;

    public bool IsLate => _isLate;

    /// <param name="now">The time.</param>
    /// <param name="progress">Another number than before where something was done; null where there is nothing to do.</param>
    public void Look(long now, long? progress)
    {
        if (progress is null || progress != _seen)
        {
            (_seen, _since, _isLate) = (progress, now, false);
            return;
        }

        if (now - _since >= _longestMs) _isLate = true;
    }

    /// <summary>When to look again.</summary>
    public long DueAt(long now) => now + Math.Max(1, _longestMs / Looks);
}
