using Moldau.Protocol.Errors;

namespace Moldau.Broker.Telemetry;

/// <summary>One instance of a client: what it is to push, when it last asked and pushed, and its latest numbers. Under its own lock.</summary>
internal sealed class TelemetryClient(TelemetryIdentity identity, TelemetrySubscriptions subscriptions)
{
    private const long Never = long.MinValue / 2;

    private readonly Dictionary<string, TelemetryValue> _values = new(StringComparer.Ordinal);
    private long _asked = Never;
    private long _pushed = Never;
    private ErrorCode _lastError;
    private bool _hasEnded;

    public Lock Sync { get; } = new();

    public TelemetryIdentity Identity { get; } = identity;

    public TelemetrySubscriptions Subscriptions { get; private set; } = subscriptions;

    public TelemetryPlan Plan { get; private set; } = subscriptions.For(identity);

    public int Series => _values.Count;

    public IReadOnlyList<TelemetryValue> Values => [.. _values.Values];

    /// <summary>Kept as long as it can be expected to come again.</summary>
    public long KeptMilliseconds => Math.Max(60_000, 3L * Plan.IntervalMilliseconds);

    /// <summary>Other subscriptions count: it may ask for what they make at once.</summary>
    public void Follow(TelemetrySubscriptions subscriptions)
    {
        if (ReferenceEquals(subscriptions, Subscriptions)) return;
        Subscriptions = subscriptions;
        Plan = subscriptions.For(Identity);
        _asked = _pushed = Never;
    }

    /// <returns>Why it may not ask now.</returns>
    public ErrorCode Ask(long now)
    {
        var isEarly = now - Math.Max(_asked, _pushed) < Plan.IntervalMilliseconds;
        // Who was told that it does not know what to push asks at once.
        if (isEarly && _lastError is not (ErrorCode.UnknownSubscriptionId or ErrorCode.UnsupportedCompressionType)) return ErrorCode.ThrottlingQuotaExceeded;
        if (!isEarly) _asked = now;
        _lastError = ErrorCode.None;
        return ErrorCode.None;
    }

    /// <returns>Why it may not push this now.</returns>
    public ErrorCode Push(int planId, bool isLast, int compression, int bytes, int mostBytes, long now)
    {
        var error = Judge(planId, isLast, compression, bytes, mostBytes, now);
        _hasEnded |= isLast;
        return _lastError = error;
    }

    public void Failed(ErrorCode error) => _lastError = error;

    /// <param name="pushed">What it pushed.</param>
    /// <param name="most">So many series it may have.</param>
    /// <returns>How many were left out.</returns>
    public int Take(IReadOnlyList<TelemetryValue> pushed, int most)
    {
        var left = 0;
        foreach (var value in pushed)
        {
            var isKnown = _values.TryGetValue(value.Key, out var before);
            if (!isKnown && _values.Count >= most) left++;
            else _values[value.Key] = isKnown && value.IsDifference ? value with { Value = before!.Value + value.Value } : value;
        }

        return left;
    }

    private ErrorCode Judge(int planId, bool isLast, int compression, int bytes, int mostBytes, long now)
    {
        if (_hasEnded) return ErrorCode.InvalidRequest;
        // The first push behind a subscription comes at a random moment before or after the interval.
        var isInTime = _asked > _pushed || now - _pushed >= Plan.IntervalMilliseconds;
        if (!isInTime && !isLast) return ErrorCode.ThrottlingQuotaExceeded;
        if (isInTime) _pushed = now;
        if (planId != Plan.Id) return ErrorCode.UnknownSubscriptionId;
        if (compression is < 0 or > 4) return ErrorCode.UnsupportedCompressionType;
        return bytes > mostBytes ? ErrorCode.TelemetryTooLarge : ErrorCode.None;
    }
}
