using System.Globalization;
using System.Text.Json;
using Moldau.Broker.Diagnostics;
using Moldau.Host.Commands.Output;
using Moldau.Host.Serving;

namespace Moldau.Host.Commands.Debugging;

/// <summary>A partition's report, printed.</summary>
internal static class PartitionText
{
    public static void Write(TextWriter output, PartitionReport report, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.PartitionReport));
            return;
        }

        output.WriteLine($"{report.Topic}-{report.Partition}, topic id {report.TopicId}, leader epoch {report.LeaderEpoch}");
        if (report.OfflineReason is { } reason)
        {
            output.WriteLine($"offline: {reason}");
            return;
        }

        output.WriteLine($"in {report.Folder}");
        if (report.Fault is { } fault) output.WriteLine($"broken: {fault}");
        output.WriteLine();
        WriteState(output, report);
        WriteLists(output, report);
    }

    private static void WriteState(TextWriter output, PartitionReport report)
    {
        var table = new TextTable("LOG-START", "LAST-STABLE", "HIGH-WATERMARK", "DURABLE", "LOG-END", "FETCHES-WAITING", "PRODUCES-WAITING");
        table.Add(
            Text(report.LogStartOffset), Text(report.LastStableOffset), Text(report.HighWatermark), Text(report.DurableOffset), Text(report.LogEndOffset),
            Text(report.WaitingFetches), Text(report.WaitingProduces));
        table.Write(output);
    }

    private static void WriteLists(TextWriter output, PartitionReport report)
    {
        output.WriteLine();
        var segments = new TextTable("SEGMENT", "BYTES", "MAX-TIMESTAMP", "STATE");
        foreach (var segment in report.Segments) segments.Add(Text(segment.BaseOffset), Text(segment.Bytes), Time(segment.MaxTimestamp), segment.State);
        segments.Write(output);

        output.WriteLine();
        var epochs = new TextTable("LEADER-EPOCH", "START-OFFSET");
        foreach (var epoch in report.LeaderEpochs) epochs.Add(Text(epoch.Epoch), Text(epoch.StartOffset));
        epochs.Write(output);

        output.WriteLine();
        var producers = new TextTable("PRODUCER", "EPOCH", "LAST-SEQUENCE", "LAST-OFFSET", "LAST-TIMESTAMP", "TRANSACTION-START");
        foreach (var producer in report.Producers)
            producers.Add(Text(producer.Id), Text(producer.Epoch), Text(producer.LastSequence), Text(producer.LastOffset), Time(producer.LastTimestamp), producer.TransactionStart is { } start ? Text(start) : "-");
        producers.Write(output);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(long timestamp) =>
        timestamp < 0 ? "-" : DateTimeOffset.FromUnixTimeMilliseconds(timestamp).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
