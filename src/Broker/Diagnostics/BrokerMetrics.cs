using Moldau.Broker.Diagnostics.Tables;

namespace Moldau.Broker.Diagnostics;

/// <summary>Every metric there is, and what it says now.</summary>
internal static class BrokerMetrics
{
    /// <summary>In the order of the page.</summary>
    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        .. RequestMetrics.All, .. NetworkMetrics.All, .. TopicMetrics.All, .. PartitionMetrics.All, .. DiskMetrics.All, .. GroupMetrics.All, .. CoordinatorMetrics.All, .. ClientMetrics.All, .. NodeMetrics.All,
        .. RuntimeMetrics.All, LeftOutSeries,
    ];

    /// <summary>Told with the readings themselves.</summary>
    private static MetricDeclaration LeftOutSeries => new(
        "moldau.metrics.left.out", MetricKind.Gauge, MetricUnit.None, "Series that a metric would have beyond moldau.metrics.max.series, and that are not told.", MetricLabel.Own("metric"))
    {
        Collect = static (_, _) => { },
    };

    public static async Task<IReadOnlyList<MetricReading>> ReadAsync(BrokerServer broker)
    {
        var source = await MetricSource.TakeAsync(broker).ConfigureAwait(false);
        var most = broker.Settings.Current.Requests.MaxMetricSeries;
        var readings = new List<MetricReading>(All.Count);
        foreach (var declaration in All)
        {
            var reading = new MetricReading(declaration, declaration == All[^1] ? int.MaxValue : most);
            declaration.Collect(source, reading);
            readings.Add(reading);
        }

        foreach (var reading in readings[..^1])
        {
            if (reading.LeftOut > 0) readings[^1].Add(reading.LeftOut, reading.Declaration.PageName);
        }

        return readings;
    }
}
