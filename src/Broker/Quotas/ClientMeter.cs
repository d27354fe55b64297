namespace Moldau.Broker.Quotas;

/// <summary>A meter, and what limit it is held against.</summary>
internal readonly record struct ClientMeter(QuotaMeter? Meter, double Limit)
{
    public bool IsGone => Meter is { IsGone: true };
}
