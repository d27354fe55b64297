using Moldau.Client.Handling;

namespace Moldau.Client.Sharing;

/// <summary>How records of a share group are handed to a handler. They have no order: those of one partition are with many consumers.</summary>
public sealed record ShareHandlerOptions
{
    /// <summary>Handlers at work at the same time.</summary>
    public int MaxConcurrency { get; init; } = 16;

    /// <summary>What becomes of a record whose handler failed; tries in place go on under the record's lock.</summary>
    public FailurePolicy OnError { get; init; } = Failure.Release;

    /// <summary>
    /// Whether locks of records that are with handlers, or wait for one, are renewed before they end, for as long as it takes. Needs
    /// Kafka 4.2. False: what takes longer than its lock comes to somebody else, too.
    /// </summary>
    public bool RenewsLocks { get; init; }

    /// <summary>
    /// How long handlers at work may go on after the end was asked for; at nine tenths of it their token is cancelled. A share consumer that is
    /// closed waits no longer than its <see cref="KafkaClientOptions.CloseTimeout"/> allows, half of which is the handlers'.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal void Check()
    {
        if (MaxConcurrency < 1) throw new ArgumentException($"MaxConcurrency is {MaxConcurrency}; it takes 1 or more");
        if (DrainTimeout < TimeSpan.Zero || DrainTimeout.TotalMilliseconds > int.MaxValue) throw new ArgumentException($"DrainTimeout is {DrainTimeout}; it takes 0 to 24 days");
    }
}
