using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Telemetry.Pushing;

/// <summary>
/// Decides what a client that pushes its metrics does next, and when (KIP-714): it asks what is wanted, pushes that each interval, and asks
/// again when a broker refuses. Times are milliseconds of one clock; one step is under way at a time.
/// </summary>
/// <param name="draw">A number from 0 to below 1.</param>
internal sealed class PushSchedule(Func<double> draw)
{
    // The first push is spread over a whole interval, so that clients that began together do not push together.
    private const double EarliestFirst = 0.5;
    private const long Never = long.MaxValue;

    private readonly HashSet<CompressionType> _refusedCodecs = [];
    private long _nextAt;
    private bool _isUnderWay;
    private bool _pushes;
    private bool _isOver;

    /// <summary>What the broker asked for last; null before it has answered.</summary>
    public TelemetrySubscription? Subscription { get; private set; }

    /// <summary>Zero while there is none.</summary>
    public Uuid InstanceId => Subscription?.InstanceId ?? Uuid.Zero;

    /// <summary>Whether a broker has refused it for good.</summary>
    public bool IsOff => !_isOver && _nextAt == Never && !_isUnderWay;

    /// <summary>When there is something to do; never while something is under way.</summary>
    public long NextAt => _isUnderWay || _isOver ? Never : _nextAt;

    /// <summary>The first that the broker likes and has not refused.</summary>
    public CompressionType Codec
    {
        get
        {
            foreach (var codec in Subscription?.Codecs ?? [])
            {
                if (!_refusedCodecs.Contains(codec)) return codec;
            }

            return CompressionType.None;
        }
    }

    /// <summary>What is to be done now; it is under way then, until one of the calls below says what became of it.</summary>
    public PushStep? Take(long now)
    {
        if (NextAt > now) return null;
        _isUnderWay = true;
        return _pushes ? PushStep.Push : PushStep.Ask;
    }

    public void Subscribed(TelemetrySubscription subscription, long now)
    {
        _isUnderWay = false;
        Subscription = subscription;
        _pushes = subscription.Prefixes.Count > 0;
        _nextAt = now + (_pushes ? (long)Math.Round(subscription.Interval * (EarliestFirst + draw())) : subscription.Interval);
    }

    public void Pushed(long now)
    {
        _isUnderWay = false;
        _nextAt = now + Subscription!.Interval;
    }

    /// <summary>A broker refused what was asked or pushed.</summary>
    public void Refused(ErrorCode code, long now)
    {
        (_isUnderWay, _pushes) = (false, false);
        if (code == ErrorCode.UnsupportedCompressionType) _refusedCodecs.Add(Codec);
        _nextAt = code switch
        {
            ErrorCode.UnknownSubscriptionId or ErrorCode.UnsupportedCompressionType => now,
            ErrorCode.TelemetryTooLarge or ErrorCode.ThrottlingQuotaExceeded => now + Interval,
            // What is wrong with the request is wrong with the next one.
            _ => Never,
        };
    }

    /// <summary>No answer came, or the broker knows nothing of it: another may.</summary>
    public void Failed(long now)
    {
        (_isUnderWay, _pushes) = (false, false);
        _nextAt = now + Interval;
    }

    /// <summary>The broker wants no request before that.</summary>
    public void Throttled(int milliseconds, long now)
    {
        if (_nextAt != Never) _nextAt = Math.Max(_nextAt, now + milliseconds);
    }

    /// <summary>The client is being closed.</summary>
    /// <returns>The last thing to do, where there is one: nothing where nothing was asked for.</returns>
    public PushStep? End()
    {
        if (_isOver) return null;
        _isOver = true;
        return _pushes ? PushStep.End : null;
    }

    private int Interval => Subscription?.Interval ?? TelemetrySubscription.DefaultInterval;
}
