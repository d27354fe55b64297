using Moldau.Broker.Settings.Snapshots;
using Moldau.Broker.Timing;

namespace Moldau.Broker.Quotas;

/// <summary>
/// How fast connections may be opened (KIP-612): a listener that took too many waits before it takes the next, and one
/// from an address that opened too many is not served.
/// </summary>
internal sealed class ConnectionRates(QuotaMeters meters, ClientQuotas quotas, Delays delays)
{
    // A listener has one for itself, and all listeners have one together.
    private const string AllListeners = "";

    private volatile ConnectionSettings? _settings;
    private long _refused;

    /// <summary>Connections that were not served, since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public ConnectionSettings? Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>One has come.</summary>
    /// <returns>How many milliseconds the listener waits before it goes on.</returns>
    public int Count(string listener)
    {
        if (_settings is not { } settings) return 0;
        var wait = Take(AllListeners, settings.MaxCreationRate);
        return settings.ListenerCreationRates.TryGetValue(listener, out var own) ? Math.Max(wait, Take(listener, own)) : wait;
    }

    /// <summary>One has come from this address.</summary>
    /// <returns>Null where it is served, else how many milliseconds it is held before it is closed.</returns>
    public int? Refuse(string address)
    {
        if (quotas.Rules is var rules && (!rules.Has(QuotaLimit.Connections) || rules.OfAddress(address) is null)) return null;
        var limit = rules.OfAddress(address)!.Value;
        var wait = meters.Find(new QuotaMeterKey(QuotaLimit.Connections, null, address), delays.Now).TakeIfWithin(1 / limit, delays.Now, out var isTaken);
        if (isTaken) return null;
        Interlocked.Increment(ref _refused);
        return wait;
    }

    private int Take(string listener, int rate) =>
        rate == int.MaxValue ? 0 : meters.Find(new QuotaMeterKey(QuotaLimit.Connections, listener, null), delays.Now).Take(rate == 0 ? int.MaxValue : 1.0 / rate, delays.Now);
}
