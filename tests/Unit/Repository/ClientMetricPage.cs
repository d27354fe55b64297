using System.Text;
using Moldau.Client.Telemetry;

namespace Moldau.Unit.Repository;

/// <summary>The page of the .NET client's instruments, made from their table.</summary>
internal static class ClientMetricPage
{
    public static string Text()
    {
        var page = new StringBuilder();
        page.AppendLine("# Metrics of the .NET client").AppendLine();
        page.AppendLine("<!-- Generated from the table of instruments; a test fails when it is stale. -->").AppendLine();
        page.AppendLine("They are on the meter `Moldau.Client`. Names without `moldau` are of OpenTelemetry's conventions for messaging, version 1.44. Those of the");
        page.AppendLine("kind histogram are recorded while somebody listens; the others are counted anyway, and read when a listener collects.").AppendLine();
        page.AppendLine("| instrument | kind | unit | labels | meaning |");
        page.AppendLine("|---|---|---|---|---|");
        foreach (var row in InstrumentTable.All)
            page.AppendLine($"| {row.Name} | {row.Kind.ToString().ToLowerInvariant()} | {row.Unit} | {string.Join(", ", row.Labels)} | {row.Help} |");
        return page.ToString();
    }
}
