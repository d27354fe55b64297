namespace Moldau.Broker.Quotas;

/// <summary>
/// What somebody has used of a limit, counted in seconds of it: one second is what the limit allows in a second. So a limit
/// that changes is followed from then on, and what was used before neither makes up for it nor weighs on it. From any thread.
/// </summary>
internal abstract class QuotaMeter
{
    private readonly Lock _sync = new();
    private bool _isGone;

    /// <summary>Nobody finds it any more: whoever still holds it looks for the new one.</summary>
    public bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>Takes so many seconds of the limit.</summary>
    /// <returns>For how many milliseconds no more is to be taken; 0 while it is within the limit.</returns>
    public int Take(double seconds, long now)
    {
        lock (_sync) return Rounded(TakeHeld(seconds, now));
    }

    /// <summary>Takes only where nothing was taken too much before; what is taken then may be too much.</summary>
    public int TakeUnlessOver(double seconds, long now)
    {
        lock (_sync)
        {
            if (Rounded(TakeHeld(0, now)) is > 0 and var wait) return wait;
            TakeHeld(seconds, now);
            return 0;
        }
    }

    /// <summary>
    /// Takes where that is within the limit, or where waiting would never make it so, since more than can be saved up is
    /// wanted at once.
    /// </summary>
    /// <param name="seconds">Of the limit.</param>
    /// <param name="now">The time.</param>
    /// <param name="isTaken">Whether it was.</param>
    public int TakeIfWithin(double seconds, long now, out bool isTaken)
    {
        lock (_sync)
        {
            var isUntouched = IsUntouchedHeld(now);
            var wait = Rounded(TakeHeld(seconds, now));
            isTaken = wait == 0 || isUntouched;
            if (!isTaken) TakeHeld(-seconds, now);
            return wait;
        }
    }

    /// <returns>Whether it may be forgotten: a new one would say the same. It is gone then.</returns>
    public bool TryEnd(long now)
    {
        lock (_sync)
        {
            if (!IsUntouchedHeld(now)) return false;
            Volatile.Write(ref _isGone, true);
            return true;
        }
    }

    protected abstract double TakeHeld(double seconds, long now);

    protected abstract bool IsUntouchedHeld(long now);

    private static int Rounded(double milliseconds) => (int)Math.Min(int.MaxValue, Math.Round(Math.Max(0, milliseconds)));
}
