using System.Globalization;
using System.Text;

namespace Moldau.Broker.Diagnostics;

/// <summary>The broker's figures in Prometheus' text format.</summary>
public static class MetricsPage
{
    public static string Write(BrokerServer broker)
    {
        ArgumentNullException.ThrowIfNull(broker);
        var page = new StringBuilder();
        Head(page, "moldau_requests_total", "counter", "Requests begun, by API.");
        foreach (var row in broker.Handlers.All) Line(page, "moldau_requests_total", "api", row.Api.Name, row.Counts.Started);
        Head(page, "moldau_replies_total", "counter", "Requests answered, by API.");
        foreach (var row in broker.Handlers.All) Line(page, "moldau_replies_total", "api", row.Api.Name, row.Counts.Answered);
        Head(page, "moldau_request_milliseconds_total", "counter", "From a request's arrival to its reply, over all of an API.");
        foreach (var row in broker.Handlers.All) Line(page, "moldau_request_milliseconds_total", "api", row.Api.Name, row.Counts.Milliseconds);
        Head(page, "moldau_connections", "gauge", "Connections that are open.");
        Line(page, "moldau_connections", broker.Connections.Count);
        Head(page, "moldau_connections_total", "counter", "Connections that were accepted.");
        Line(page, "moldau_connections_total", broker.Connections.Opened);
        Head(page, "moldau_request_memory_bytes", "gauge", "Memory that frames and replies hold.");
        Line(page, "moldau_request_memory_bytes", broker.Chunks.Rented);
        Head(page, "moldau_flush_rounds_total", "counter", "Group commits, by data folder.");
        foreach (var (folder, rounds) in broker.FlushRounds) Line(page, "moldau_flush_rounds_total", "folder", folder, rounds);
        Head(page, "moldau_topics", "gauge", "Topics on this node.");
        Line(page, "moldau_topics", broker.Topics.Count);
        Head(page, "moldau_partitions", "gauge", "Partitions on this node, by state.");
        var (online, offline) = broker.CountPartitions();
        Line(page, "moldau_partitions", "state", "online", online);
        Line(page, "moldau_partitions", "state", "offline", offline);
        Head(page, "moldau_start_milliseconds", "gauge", "How long each phase of the start took.");
        foreach (var (phase, milliseconds) in broker.StartPhases) Line(page, "moldau_start_milliseconds", "phase", phase, milliseconds);
        return page.ToString();
    }

    private static void Head(StringBuilder page, string name, string type, string help) => page.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder page, string name, long value) => page.Append(name).Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Line(StringBuilder page, string name, string label, string text, long value) =>
        page.Append(name).Append('{').Append(label).Append("=\"").Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append("\"} ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
