using System.Text;
using Moldau.Broker.Diagnostics;

namespace Moldau.Unit.Repository;

/// <summary>The pages of metrics and of Kafka's names for them, made from their table.</summary>
internal static class MetricPages
{
    public static string Metrics()
    {
        var page = new StringBuilder();
        page.AppendLine("# Metrics").AppendLine();
        page.AppendLine("<!-- Generated from the table of metrics; a test fails when it is stale. -->").AppendLine();
        page.AppendLine("`GET /metrics` shows them under the names in the first column; a histogram has `_bucket`, `_sum` and `_count`. Exported by");
        page.AppendLine("OTLP they are called by the second, without what a unit or a counter ends in, and their labels by OpenTelemetry's names");
        page.AppendLine("for messaging where it has some. An API has series from its first request on.").AppendLine();
        page.AppendLine("| metric | exported as | kind | labels | meaning |");
        page.AppendLine("|---|---|---|---|---|");
        foreach (var row in BrokerMetrics.All)
            page.AppendLine($"| {row.PageName} | {row.Name} | {row.Kind.ToString().ToLowerInvariant()} | {string.Join(", ", row.Labels.Select(static label => label.Name))} | {row.Help} |");
        page.AppendLine().AppendLine("## Labels").AppendLine();
        page.AppendLine("| label | exported as |");
        page.AppendLine("|---|---|");
        foreach (var label in BrokerMetrics.All.SelectMany(static row => row.Labels).Distinct().OrderBy(static label => label.Name, StringComparer.Ordinal))
            page.AppendLine($"| {label.Name} | {label.Exported} |");
        return page.ToString();
    }

    public static string MBeans()
    {
        var page = new StringBuilder();
        page.AppendLine("# From Kafka's MBeans to metrics").AppendLine();
        page.AppendLine("<!-- Generated from the table of metrics; a test fails when it is stale. -->").AppendLine();
        page.AppendLine("What to ask Prometheus where a broker of Kafka would be asked over JMX. A `*` stands for any value. Kafka's times are");
        page.AppendLine("milliseconds and its percents go from 0 to 1; times here are seconds. A rate here is over what one asks for, such as `[1m]`.").AppendLine();
        page.AppendLine("| MBean | ask |");
        page.AppendLine("|---|---|");
        foreach (var (bean, query) in Rows()) page.AppendLine($"| {bean} | `{query}` |");
        page.AppendLine().AppendLine("## Nothing here").AppendLine();
        page.AppendLine("| MBean | why |");
        page.AppendLine("|---|---|");
        foreach (var (name, reason) in MBeansWithout.All.OrderBy(static row => row.Name, StringComparer.Ordinal)) page.AppendLine($"| {name} | {reason} |");
        return page.ToString();
    }

    private static IEnumerable<(string Bean, string Query)> Rows() => BrokerMetrics.All
        .SelectMany(static row => row.MBeans.Select(bean => (bean.Name, Query: bean.Query ?? (row.Kind == MetricKind.Histogram ? row.PageName + "_bucket" : row.PageName))))
        .OrderBy(static row => row.Name, StringComparer.Ordinal);
}
