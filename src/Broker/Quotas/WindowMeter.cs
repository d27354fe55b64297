namespace Moldau.Broker.Quotas;

/// <summary>Kafka's rate over windows, and its time to wait: until the rate would be back at the limit, but never longer than a window.</summary>
internal sealed class WindowMeter(QuotaWindow window) : QuotaMeter
{
    private readonly SampledRate _rate = new(window);

    protected override double TakeHeld(double seconds, long now)
    {
        if (seconds != 0) _rate.Record(seconds, now);
        var over = _rate.Measure(now) - 1;
        return over <= 0 ? 0 : Math.Min(window.Milliseconds, over * _rate.CoveredMilliseconds(now));
    }

    protected override bool IsUntouchedHeld(long now) => _rate.IsQuiet(now);
}
