using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Requests;
using Moldau.Broker.Timing;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Quotas;

/// <summary>
/// Holds clients to their limits: what a request has cost is counted when it is known, and the connection behind it is not
/// listened to for as long as its reply says. Where nobody is limited all of it is a look at one field.
/// </summary>
internal sealed class ClientQuotas(QuotaMeters meters, Delays delays, TimeProvider clock)
{
    private const double Percent = 100;

    // A fetch is cut to half of what can be saved up: a client that comes a little late has saved in vain otherwise.
    private const double FetchSeconds = 0.5;

    private volatile QuotaRules _rules = QuotaRules.None;
    private long _throttled;

    /// <summary>Whether there is anything to count.</summary>
    public bool IsOn => _rules.LimitsClients;

    /// <summary>Whether it matters how long requests keep a thread.</summary>
    public bool TimesRequests => _rules.Has(QuotaLimit.RequestTime);

    /// <summary>Replies that told somebody to wait, since the start.</summary>
    public long Throttled => Interlocked.Read(ref _throttled);

    public QuotaRules Rules => _rules;

    /// <summary>Takes in what an image says. One caller at a time.</summary>
    public void Follow(MetadataImage image)
    {
        if (!_rules.IsOf(image)) _rules = new QuotaRules(image.Quotas);
    }

    public long Timestamp() => clock.GetTimestamp();

    /// <summary>A produce has come. On the lane.</summary>
    public void CountProduce(Exchange exchange, int bytes)
    {
        var (meter, limit) = Meters(exchange).Produce;
        if (meter is null) return;
        exchange.MuteMilliseconds = meter.Take(bytes / limit, delays.Now);
        // What is sent behind it is not looked at before it has its answer, either.
        if (exchange.MuteMilliseconds > 0) exchange.Connection.HoldBack(exchange.MuteMilliseconds);
    }

    /// <summary>How much a fetch may bring without being held back by that alone. On the lane.</summary>
    public int MostFetched(Exchange exchange, int wanted) =>
        IsOn && Meters(exchange).Fetch is { Meter: not null } fetch ? (int)Math.Min(wanted, Math.Max(1, fetch.Limit * FetchSeconds)) : wanted;

    /// <summary>A fetch has found so much. On the lane.</summary>
    /// <returns>Whether it may be told; otherwise the client comes again for it.</returns>
    public bool TryCountFetch(Exchange exchange, long bytes)
    {
        if (!IsOn || Meters(exchange).Fetch is not { Meter: { } meter } fetch) return true;
        exchange.MuteMilliseconds = meter.TakeIfWithin(bytes / fetch.Limit, delays.Now, out var isTaken);
        return isTaken;
    }

    /// <summary>A fetch tells so much, whatever it costs: what it tells of cannot be taken back. On the lane.</summary>
    public void CountFetch(Exchange exchange, long bytes)
    {
        if (!IsOn || Meters(exchange).Fetch is not { Meter: { } meter } fetch) return;
        exchange.MuteMilliseconds = meter.Take(bytes / fetch.Limit, delays.Now);
    }

    /// <summary>A reply is about to be written: what its request kept a thread for counts, and what is to be waited is told. On the lane.</summary>
    public void Settle(Exchange exchange)
    {
        if (TimesRequests && exchange is { HasReply: true, LaneTicks: > 0 } && exchange.Row.Quota != QuotaKind.None && Meters(exchange).RequestTime is { Meter: { } meter } time)
        {
            var seconds = clock.GetElapsedTime(0, exchange.LaneTicks).TotalSeconds * Percent / time.Limit;
            exchange.MuteMilliseconds = Math.Max(exchange.MuteMilliseconds, meter.Take(seconds, delays.Now));
        }

        if (exchange.MuteMilliseconds == 0) return;
        Interlocked.Increment(ref _throttled);
        if (exchange.Response is IThrottledResponse told) told.ThrottleTimeMs = exchange.MuteMilliseconds;
    }

    /// <summary>How many partitions whoever asks may make and delete. From any thread.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="strictSince">From which version on too many are refused; before, only what comes behind them waits.</param>
    public MutationAllowance Mutations(Exchange exchange, short strictSince)
    {
        var share = _rules.Find(QuotaLimit.Mutations, exchange.Principal.Name, exchange.ClientId);
        return share is not { } found ? MutationAllowance.Unlimited
            : new MutationAllowance(meters.Find(found.Key, delays.Now), found.Limit, exchange.Version >= strictSince, delays);
    }

    private ClientMeters Meters(Exchange exchange)
    {
        var rules = _rules;
        if (exchange.Connection.Meters is { } known && known.Fit(rules, exchange.Principal, exchange.ClientId)) return known;
        var (principal, client) = (exchange.Principal, exchange.ClientId);
        return exchange.Connection.Meters = new ClientMeters(rules, principal, client, Find(QuotaLimit.Produce), Find(QuotaLimit.Fetch), Find(QuotaLimit.RequestTime));

        ClientMeter Find(QuotaLimit limit) =>
            rules.Find(limit, principal.Name, client) is { } share ? new ClientMeter(meters.Find(share.Key, delays.Now), share.Limit) : default;
    }
}
