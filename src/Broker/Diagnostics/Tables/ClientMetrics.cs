using Moldau.Broker.Telemetry;

namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>What clients push about themselves (KIP-714), and how many do.</summary>
internal static class ClientMetrics
{
    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        Metric.Gauge("moldau.client.instances", MetricUnit.None, "Clients whose pushed metrics are kept.", static (source, to) => to.Add(Snapshot(source).Count))
            with { MBeans = ["kafka.server:type=client-metrics"] },
        Metric.Counter("moldau.client.pushes", MetricUnit.None, "Pushes of clients that were taken.", static (source, to) => to.Add(source.Broker.Telemetry?.Pushes ?? 0)),
        Metric.Counter("moldau.client.pushes.refused", MetricUnit.None, "Requests about pushed metrics that were answered with an error.", static (source, to) => to.Add(source.Broker.Telemetry?.Refused ?? 0)),
        Metric.Counter("moldau.client.series.left.out", MetricUnit.None, "Series of clients for which there was no room.", static (source, to) => to.Add(source.Broker.Telemetry?.LeftOut ?? 0)),
        Metric.Gauge("moldau.client.metric", MetricUnit.None, "What clients have last pushed, under the names they have for it.", static (source, to) =>
        {
            foreach (var (client, values) in Snapshot(source))
            {
                foreach (var value in values)
                    to.Add(value.Value, value.Name, client.InstanceId.ToString(), client.ClientId, string.Join(',', value.Attributes.Select(static pair => $"{pair.Key}={pair.Value}")));
            }
        }, MetricLabel.Own("metric"), MetricLabel.Own("instance_id"), MetricLabel.ClientId, MetricLabel.Own("attributes")),
    ];

    private static IReadOnlyList<TelemetrySnapshot> Snapshot(MetricSource source) => source.Broker.Telemetry?.Snapshot() ?? [];
}
