namespace Moldau.Broker.Quotas;

/// <summary>
/// A bucket that time fills: what was not used is saved up to a bound, and what was used too much is waited for. It lets
/// through what the limit says over any time, and no more at once than was saved.
/// </summary>
/// <param name="most">Seconds of the limit that can be saved up.</param>
internal sealed class CreditMeter(double most) : QuotaMeter
{
    // Full at first: time has filled it since the clock began.
    private double _credit;
    private long _filled = long.MinValue / 2;

    protected override double TakeHeld(double seconds, long now)
    {
        Fill(now);
        _credit = Math.Min(most, _credit - seconds);
        return -_credit * 1000;
    }

    protected override bool IsUntouchedHeld(long now)
    {
        Fill(now);
        return _credit >= most;
    }

    private void Fill(long now)
    {
        _credit = Math.Min(most, _credit + (Math.Max(0, now - _filled) / 1000.0));
        _filled = Math.Max(_filled, now);
    }
}
