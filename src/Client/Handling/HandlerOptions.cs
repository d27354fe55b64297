namespace Moldau.Client.Handling;

/// <summary>How records are handed to a handler.</summary>
public sealed record HandlerOptions
{
    public HandlerOrder Order { get; init; } = HandlerOrder.Key;

    /// <summary>Handlers at work at the same time.</summary>
    public int MaxConcurrency { get; init; } = 16;

    /// <summary>Records of one partition that wait for a handler or are in one; nothing more of it is fetched while there are more.</summary>
    public int MaxWaiting { get; init; } = 1024;

    /// <summary>What becomes of a record whose handler failed.</summary>
    public FailurePolicy OnError { get; init; } = Failure.Stop;

    /// <summary>
    /// How long handlers at work may go on after the end was asked for; at nine tenths of it their token is cancelled. A consumer that is
    /// closed waits no longer than its <see cref="KafkaClientOptions.CloseTimeout"/> allows, three fifths of which are the handlers', and
    /// partitions that the group wants back have the handlers' share of <see cref="Groups.GroupOptions.RebalanceTimeout"/>.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Stands around each attempt of the handler, the first outermost.</summary>
    public IReadOnlyList<HandleMiddleware> Middleware { get; init; } = [];

    internal void Check()
    {
        if (MaxConcurrency < 1) throw new ArgumentException($"MaxConcurrency is {MaxConcurrency}; it takes 1 or more");
        if (MaxWaiting < 1) throw new ArgumentException($"MaxWaiting is {MaxWaiting}; it takes 1 or more");
        if (OnError.End is FailureEnd.Release or FailureEnd.Reject) throw new ArgumentException($"OnError ends in {OnError.End}, which a share group does; a consumer's records can be tried again, passed over, or written to another topic");
        if (DrainTimeout < TimeSpan.Zero || DrainTimeout.TotalMilliseconds > int.MaxValue) throw new ArgumentException($"DrainTimeout is {DrainTimeout}; it takes 0 to 24 days");
    }
}
