namespace Moldau.Broker.Settings.Snapshots;

/// <summary>How large requests and answers may be, and how many wait.</summary>
public sealed record RequestSettings
{
    public required int MaxRequestBytes { get; init; }

    public required int MaxQueued { get; init; }

    /// <summary>-1 for any number.</summary>
    public required long MaxQueuedBytes { get; init; }

    public required int MaxFetchBytes { get; init; }

    public required int FetchSessions { get; init; }

    public required int MaxDescribedPartitions { get; init; }

    public required int MaxTelemetryBytes { get; init; }

    /// <summary>Of one metric.</summary>
    public required int MaxMetricSeries { get; init; }

    /// <summary>Of requests this node sends, in milliseconds.</summary>
    public required int Timeout { get; init; }

    internal static RequestSettings Of(SettingValues values) => new()
    {
        MaxMetricSeries = values.Int("moldau.metrics.max.series"),
        MaxRequestBytes = values.Int("socket.request.max.bytes"),
        MaxQueued = values.Int("queued.max.requests"),
        MaxQueuedBytes = values.Long("queued.max.request.bytes") is > 0 and var bytes ? bytes : -1,
        MaxFetchBytes = values.Int("fetch.max.bytes"),
        FetchSessions = values.Int("max.incremental.fetch.session.cache.slots"),
        MaxDescribedPartitions = values.Int("max.request.partition.size.limit"),
        MaxTelemetryBytes = values.Int("telemetry.max.bytes"),
        Timeout = values.Int("request.timeout.ms"),
    };
}
