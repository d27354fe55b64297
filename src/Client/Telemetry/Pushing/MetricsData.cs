namespace Moldau.Client.Telemetry.Pushing;

/// <summary>Points as OpenTelemetry's MetricsData (opentelemetry/proto/metrics/v1), which is what is pushed.</summary>
internal static class MetricsData
{
    private const ulong Difference = 1;
    private const ulong Cumulative = 2;

    /// <param name="points">What is pushed.</param>
    /// <param name="labels">What the client says of itself.</param>
    /// <param name="now">When it was so.</param>
    /// <param name="isDelta">Whether sums are differences.</param>
    public static ReadOnlySpan<byte> Write(IReadOnlyList<MetricPoint> points, IEnumerable<KeyValuePair<string, string>> labels, DateTimeOffset now, bool isDelta)
    {
        var resource = new ProtobufWriter();
        foreach (var (name, value) in labels) resource.Message(1, Attribute(name, value));
        var scope = new ProtobufWriter();
        foreach (var point in points) scope.Message(2, Metric(point, now, isDelta));
        var metrics = new ProtobufWriter();
        metrics.Message(1, resource);
        metrics.Message(2, scope);
        var data = new ProtobufWriter();
        data.Message(1, metrics);
        return data.Written;
    }

    private static ProtobufWriter Metric(in MetricPoint point, DateTimeOffset now, bool isDelta)
    {
        var number = new ProtobufWriter();
        if (point.Since is { } since) number.Fixed(2, Nanoseconds(since));
        number.Fixed(3, Nanoseconds(now));
        number.Double(4, point.Value);
        if (point.NodeId is { } node) number.Message(7, Attribute("node_id", ClientSpans.Number(node)));
        var points = new ProtobufWriter();
        points.Message(1, number);
        if (point.Since is not null)
        {
            points.Number(2, isDelta ? Difference : Cumulative);
            points.Number(3, 1);
        }

        const int Gauge = 5;
        const int Sum = 7;
        var metric = new ProtobufWriter();
        metric.Text(1, point.Name);
        metric.Message(point.Since is null ? Gauge : Sum, points);
        return metric;
    }

    private static ProtobufWriter Attribute(string key, string value)
    {
        var any = new ProtobufWriter();
        any.Text(1, value);
        var pair = new ProtobufWriter();
        pair.Text(1, key);
        pair.Message(2, any);
        return pair;
    }

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
