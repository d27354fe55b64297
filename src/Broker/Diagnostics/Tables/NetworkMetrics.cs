using System.Globalization;
using Moldau.Broker.Diagnostics.Counting;

namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>Of connections, and of the threads that serve them.</summary>
internal static class NetworkMetrics
{
    private const string Idle = "avg(rate(moldau_lane_idle_seconds_total[1m]))";

    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        Metric.Gauge("moldau.connections", MetricUnit.None, "Connections that are open, by listener.", static (source, to) => Each(source, to, static counts => counts.Opened - counts.Closed), MetricLabel.Listener)
            with { MBeans = [new("kafka.server:type=socket-server-metrics,clientSoftwareName=*,clientSoftwareVersion=*,listener=*,networkProcessor=*", "sum(moldau_connections)")] },
        Metric.Counter("moldau.connections.opened", MetricUnit.None, "Connections that were accepted, by listener.", static (source, to) => Each(source, to, static counts => counts.Opened), MetricLabel.Listener)
            with { MBeans = [new("kafka.server:type=socket-server-metrics,listener=*", "rate(moldau_connections_opened_total[1m])"), new("kafka.server:type=socket-server-metrics", "sum(rate(moldau_connections_opened_total[1m]))")] },
        Metric.Counter("moldau.connections.closed", MetricUnit.None, "Connections that have ended, by listener.", static (source, to) => Each(source, to, static counts => counts.Closed), MetricLabel.Listener),
        Metric.Counter("moldau.connections.refused", MetricUnit.None, "Connections that were not let in, since there were too many, by listener.", static (source, to) => Each(source, to, static counts => counts.Refused), MetricLabel.Listener),
        Metric.Counter("moldau.connections.expired", MetricUnit.None, "Connections that were closed because nothing happened on them, by listener.", static (source, to) => Each(source, to, static counts => counts.Expired), MetricLabel.Listener)
            with { MBeans = [new("kafka.network:type=SocketServer,name=ExpiredConnectionsKilledCount", "sum(moldau_connections_expired_total)")] },
        Metric.Counter("moldau.authentications", MetricUnit.None, "Authentications, by listener and outcome.", Authentications, MetricLabel.Listener, MetricLabel.Own("outcome")),
        Metric.Gauge("moldau.request.memory", MetricUnit.Bytes, "Memory that frames and replies hold.", static (source, to) => to.Add(source.Broker.Chunks.Rented))
            with { MBeans = ["kafka.network:type=SocketServer,name=MemoryPoolUsed"] },
        Metric.Gauge("moldau.request.memory.free", MetricUnit.Bytes, "What queued.max.request.bytes leaves for further frames; infinite where it is not set.", static (source, to) => to.Add(Free(source)))
            with { MBeans = ["kafka.network:type=SocketServer,name=MemoryPoolAvailable"] },
        Metric.Counter("moldau.lane.idle", MetricUnit.Seconds, "How long a thread that serves connections had nothing to do; its rate is the idle part of it.", static (source, to) =>
        {
            for (var i = 0; i < source.Lanes.Count; i++) to.Add(source.Lanes[i].Figures.Idle.TotalSeconds, i.ToString(CultureInfo.InvariantCulture));
        }, MetricLabel.Own("lane"))
            with
            {
                MBeans =
                [
                    new("kafka.network:type=SocketServer,name=NetworkProcessorAvgIdlePercent", Idle), new("kafka.network:type=Processor,name=IdlePercent,networkProcessor=*", "rate(moldau_lane_idle_seconds_total[1m])"),
                    // Handlers run on the lanes.
                    new("kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent", Idle), new("kafka.server:type=KafkaRequestHandlerPool,name=BrokerRequestHandlerAvgIdlePercent", Idle),
                ],
            },
        Metric.Gauge("moldau.lanes", MetricUnit.None, "Threads that serve connections.", static (source, to) => to.Add(source.Lanes.Count)),
    ];

    private static void Each(MetricSource source, MetricReading to, Func<ListenerCounts, long> choose)
    {
        foreach (var listener in source.Broker.Listeners) to.Add(choose(listener.Facts.Counts), listener.Facts.Name);
    }

    private static void Authentications(MetricSource source, MetricReading to)
    {
        foreach (var listener in source.Broker.Listeners)
        {
            var (counts, name) = (listener.Facts.Authentication, listener.Facts.Name);
            to.Add(counts.Succeeded, name, "success");
            to.Add(counts.Failed, name, "failure");
            to.Add(counts.SucceededAgain, name, "again");
            to.Add(counts.FailedAgain, name, "again failure");
            to.Add(counts.Expired, name, "expired");
        }
    }

    private static double Free(MetricSource source) =>
        source.Broker.Connections.Limits.QueuedBytes is > 0 and var most ? Math.Max(0, most - source.Broker.Chunks.Rented) : double.PositiveInfinity;
}
