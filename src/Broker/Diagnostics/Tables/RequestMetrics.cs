using System.Globalization;
using Moldau.Broker.Diagnostics.Counting;

namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>Of requests, by API.</summary>
internal static class RequestMetrics
{
    private const string Beans = "kafka.network:type=RequestMetrics,name=";

    /// <summary>Each request's throttling is told under its API.</summary>
    private static readonly MBean[] Quotas =
    [
        new("kafka.server:type=Produce", "moldau_request_throttle_time_seconds_sum{api=\"Produce\"}"),
        new("kafka.server:type=Fetch", "moldau_request_throttle_time_seconds_sum{api=\"Fetch\"}"),
        new("kafka.server:type=Request", "sum(moldau_request_throttle_time_seconds_sum)"),
        new("kafka.server:type=ControllerMutation", "moldau_request_throttle_time_seconds_sum{api=\"CreateTopics\"}"),
    ];

    /// <summary>By <see cref="RequestPhase"/>.</summary>
    public static readonly MetricDeclaration[] Times =
    [
        Time(RequestPhase.Queue, "moldau.request.queue.time", "From a request's arrival to the moment it is looked at.", "RequestQueueTimeMs"),
        Time(RequestPhase.Local, "moldau.request.local.time", "How long a request's handler is at work.", "LocalTimeMs"),
        Time(RequestPhase.Remote, "moldau.request.remote.time", "How long a request waits for the disk, for more records, or for other members.", "RemoteTimeMs"),
        Time(RequestPhase.ReplyQueue, "moldau.request.reply.queue.time", "How long a reply waits for those of the requests before it.", "ResponseQueueTimeMs"),
        Time(RequestPhase.Send, "moldau.request.send.time", "From the writing of a reply to the moment its last byte is the system's.", "ResponseSendTimeMs"),
        Time(RequestPhase.Throttle, "moldau.request.throttle.time", "How long a connection is not listened to behind a reply, since a quota was used up.", "ThrottleTimeMs", Quotas),
        Time(RequestPhase.Total, "moldau.request.time", "From a request's arrival to the end of sending its reply.", "TotalTimeMs"),
    ];

    /// <summary>Of requests, and of replies.</summary>
    public static readonly MetricDeclaration[] Sizes =
    [
        Metric.Histogram("moldau.request.size", MetricUnit.Bytes, "Sizes of requests.", static (source, to) => Read(source, to, Buckets.Sizes, static seen => seen.RequestSize), MetricLabel.Api)
            with { MBeans = [Beans + "RequestBytes,request=*", new("kafka.server:type=socket-server-metrics,listener=*,networkProcessor=*", "rate(moldau_request_size_bytes_sum[1m])")] },
        Metric.Histogram("moldau.reply.size", MetricUnit.Bytes, "Sizes of replies.", static (source, to) => Read(source, to, Buckets.Sizes, static seen => seen.ReplySize), MetricLabel.Api),
    ];

    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        Metric.Counter("moldau.requests", MetricUnit.None, "Requests begun, by API and version.", Requests, MetricLabel.Api, MetricLabel.Own("version"))
            with { MBeans = [Beans + "RequestsPerSec,request=*,version=*"] },
        Metric.Counter("moldau.request.errors", MetricUnit.None, "Errors told in replies, each where it stands, by API and code.", static (source, to) =>
        {
            foreach (var (api, error, count) in source.Errors) to.Add(count, api, error);
        }, MetricLabel.Api, MetricLabel.Error)
            with { MBeans = [Beans + "ErrorsPerSec,request=*,error=*"] },
        Metric.Gauge("moldau.requests.in.flight", MetricUnit.None, "Requests begun and not answered yet.", static (source, to) => to.Add(InFlight(source)))
            with { MBeans = ["kafka.network:type=RequestChannel,name=RequestQueueSize", "kafka.network:type=RequestChannel,name=ResponseQueueSize", "kafka.network:type=RequestChannel,name=ResponseQueueSize,processor=*"] },
        .. Times, .. Sizes,
        Metric.Gauge("moldau.requests.waiting", MetricUnit.None, "Requests that wait: produces for the disk, fetches for records, and all delays together.", Waiting, MetricLabel.Kind)
            with
            {
                MBeans =
                [
                    new("kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation=Produce", "moldau_requests_waiting{kind=\"produce\"}"),
                    new("kafka.server:type=DelayedOperationPurgatory,name=NumDelayedOperations,delayedOperation=Produce", "moldau_requests_waiting{kind=\"produce\"}"),
                    new("kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation=Fetch", "moldau_requests_waiting{kind=\"fetch\"}"),
                    new("kafka.server:type=DelayedOperationPurgatory,name=NumDelayedOperations,delayedOperation=Fetch", "moldau_requests_waiting{kind=\"fetch\"}"),
                ],
            },
        Metric.Counter("moldau.requests.expired", MetricUnit.None, "Requests whose time was over before what they waited for had come.", static (source, to) =>
        {
            to.Add(source.Broker.Figures.Data.Produces.Expired, "produce");
            to.Add(source.Broker.Figures.Data.Fetches.Expired, "fetch");
        }, MetricLabel.Kind)
            with
            {
                MBeans =
                [
                    new("kafka.server:type=DelayedProduceMetrics,name=ExpiresPerSec", "rate(moldau_requests_expired_total{kind=\"produce\"}[1m])"),
                    new("kafka.server:type=DelayedFetchMetrics,name=ExpiresPerSec,fetcherType=consumer", "rate(moldau_requests_expired_total{kind=\"fetch\"}[1m])"),
                ],
            },
        Metric.Gauge("moldau.fetch.sessions", MetricUnit.None, "Fetch sessions that are kept.", static (source, to) => to.Add(source.Broker.Figures.Sessions?.Count ?? 0))
            with { MBeans = ["kafka.server:type=FetchSessionCache,name=NumIncrementalFetchSessions"] },
        Metric.Gauge("moldau.fetch.session.partitions", MetricUnit.None, "Partitions in fetch sessions.", static (source, to) => to.Add(source.Broker.Figures.Sessions?.Partitions ?? 0))
            with { MBeans = ["kafka.server:type=FetchSessionCache,name=NumIncrementalFetchPartitionsCached"] },
        Metric.Counter("moldau.fetch.sessions.evicted", MetricUnit.None, "Fetch sessions that were thrown out for others.", static (source, to) => to.Add(source.Broker.Figures.Sessions?.Evicted ?? 0))
            with { MBeans = ["kafka.server:type=FetchSessionCache,name=IncrementalFetchSessionEvictionsPerSec"] },
    ];

    private static MetricDeclaration Time(RequestPhase phase, string name, string help, string bean, params MBean[] others) =>
        Metric.Histogram(name, MetricUnit.Seconds, help, (source, to) => Read(source, to, source.Broker.Figures.Instruments.Durations, seen => seen.Time(phase)), MetricLabel.Api)
            with { MBeans = [Beans + bean + ",request=*", .. others] };

    private static void Read(MetricSource source, MetricReading to, Buckets buckets, Func<ApiFigures, Histogram> choose)
    {
        foreach (var (api, seen) in source.Apis) to.Add(HistogramReading.Of(buckets, seen.Select(choose)), api.Name);
    }

    private static void Requests(MetricSource source, MetricReading to)
    {
        foreach (var (api, seen) in source.Apis)
        {
            for (var version = 0; version <= api.HighestVersion; version++)
            {
                var count = seen.Sum(figures => figures.Versions[version]);
                if (count > 0) to.Add(count, api.Name, version.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static long InFlight(MetricSource source)
    {
        var count = 0L;
        foreach (var (_, seen) in source.Apis)
        {
            foreach (var figures in seen)
            {
                // First the ends: one that ends in between is counted as under way, and never as less than nothing.
                count -= figures.Ended;
                foreach (var begun in figures.Versions) count += begun;
            }
        }

        return Math.Max(0, count);
    }

    private static void Waiting(MetricSource source, MetricReading to)
    {
        var data = source.Broker.Figures.Data;
        to.Add(data.Produces.Waiting, "produce");
        to.Add(data.Fetches.Waiting, "fetch");
        to.Add(source.Broker.Delays.Count, "all");
    }
}
