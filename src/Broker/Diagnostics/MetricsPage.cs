using System.Globalization;
using System.Text;
using Moldau.Broker.Diagnostics.Counting;

namespace Moldau.Broker.Diagnostics;

/// <summary>The broker's figures in Prometheus' text format.</summary>
public static class MetricsPage
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static async Task<string> WriteAsync(BrokerServer broker)
    {
        ArgumentNullException.ThrowIfNull(broker);
        var page = new StringBuilder();
        foreach (var reading in await BrokerMetrics.ReadAsync(broker).ConfigureAwait(false)) Write(page, reading);
        return page.ToString();
    }

    private static void Write(StringBuilder page, MetricReading reading)
    {
        var (declaration, name) = (reading.Declaration, reading.Declaration.PageName);
        page.Append("# HELP ").Append(name).Append(' ').Append(declaration.Help).Append('\n');
        page.Append("# TYPE ").Append(name).Append(' ').Append(declaration.Kind.ToString().ToLowerInvariant()).Append('\n');
        foreach (var series in reading.Series)
        {
            if (series.Histogram is { } histogram) Write(page, name, declaration.Labels, series.Labels, histogram);
            else Line(page, name, "", declaration.Labels, series.Labels, null, series.Value);
        }
    }

    private static void Write(StringBuilder page, string name, IReadOnlyList<MetricLabel> labels, string[] values, HistogramReading histogram)
    {
        var below = 0L;
        for (var i = 0; i < histogram.Counts.Length; i++)
        {
            below += histogram.Counts[i];
            var bound = i < histogram.Buckets.Shown.Length ? Number(histogram.Buckets.Shown[i]) : "+Inf";
            Line(page, name, "_bucket", labels, values, bound, below);
        }

        Line(page, name, "_sum", labels, values, null, histogram.Sum);
        Line(page, name, "_count", labels, values, null, below);
    }

    private static void Line(StringBuilder page, string name, string suffix, IReadOnlyList<MetricLabel> labels, string[] values, string? bound, double value)
    {
        page.Append(name).Append(suffix);
        var open = '{';
        for (var i = 0; i < labels.Count; i++)
        {
            page.Append(open).Append(labels[i].Name).Append("=\"").Append(Escape(values[i])).Append('"');
            open = ',';
        }

        if (bound is not null)
        {
            page.Append(open).Append("le=\"").Append(bound).Append('"');
            open = ',';
        }

        if (open == ',') page.Append('}');
        page.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
