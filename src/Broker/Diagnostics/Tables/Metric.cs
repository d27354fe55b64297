namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>How the rows of the tables are written.</summary>
internal static class Metric
{
    public static MetricDeclaration Counter(string name, string unit, string help, Action<MetricSource, MetricReading> collect, params IReadOnlyList<MetricLabel> labels) =>
        new(name, MetricKind.Counter, unit, help, labels) { Collect = collect };

    public static MetricDeclaration Gauge(string name, string unit, string help, Action<MetricSource, MetricReading> collect, params IReadOnlyList<MetricLabel> labels) =>
        new(name, MetricKind.Gauge, unit, help, labels) { Collect = collect };

    public static MetricDeclaration Histogram(string name, string unit, string help, Action<MetricSource, MetricReading> collect, params IReadOnlyList<MetricLabel> labels) =>
        new(name, MetricKind.Histogram, unit, help, labels) { Collect = collect };
}
