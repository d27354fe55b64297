namespace Moldau.Broker.Quotas;

/// <summary>
/// The meters of everybody who is limited, as long as they have anything to remember. There are at most so many: who comes
/// beyond them shares one with all others that do, so that new names bring nobody more than that.
/// </summary>
internal sealed class QuotaMeters(QuotaWindow window, QuotaWindow mutations)
{
    public const int Most = 50_000;

    private const long SweepMilliseconds = 5_000;

    private readonly Lock _sync = new();
    private readonly Dictionary<QuotaMeterKey, QuotaMeter> _meters = [];
    private long _swept;

    public int Count
    {
        get
        {
            lock (_sync) return _meters.Count;
        }
    }

    public QuotaMeter Find(QuotaMeterKey key, long now)
    {
        lock (_sync)
        {
            if (_meters.TryGetValue(key, out var known)) return known;
            if (now - _swept >= SweepMilliseconds) Sweep(now);
            if (_meters.Count >= Most && key is not { User: null, Client: null }) return Find(new QuotaMeterKey(key.Limit, null, null), now);
            var meter = New(key.Limit);
            _meters.Add(key, meter);
            return meter;
        }
    }

    private QuotaMeter New(QuotaLimit limit) => limit switch
    {
        // Kafka's rate over windows lets ten seconds' worth of bytes through at once, and nothing for as long behind it.
        QuotaLimit.Produce or QuotaLimit.Fetch => new CreditMeter(window.Seconds),
        QuotaLimit.Mutations => new CreditMeter((double)mutations.Count * mutations.Seconds),
        _ => new WindowMeter(window),
    };

    private void Sweep(long now)
    {
        _swept = now;
        foreach (var (key, meter) in _meters)
        {
            if (meter.TryEnd(now)) _meters.Remove(key);
        }
    }
}
