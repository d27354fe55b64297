using System.Globalization;

namespace Moldau.Bench.Clients;

/// <summary>Results as lines of Markdown.</summary>
internal static class ClientTable
{
    private const double MiB = 1 << 20;

    public static string Head =>
        "| row | client | thousands/s | ours is | goal | met | CPU ns each | its CPU to ours | alloc B each | MiB first - last | note |\n|---|---|---|---|---|---|---|---|---|---|---|";

    public static string Line(ClientResult result)
    {
        var isOurs = result.Kind == ClientKind.Moldau;
        return Join(
            result.Row.Name,
            result.Kind.ToString(),
            Number(result.Rate / 1000),
            isOurs ? "" : Number(result.RateRatio) + "x",
            Goal(result),
            result.IsMet switch { true => "yes", false => "NO", null => "" },
            Number(result.CpuNanoseconds),
            isOurs ? "" : Number(result.CpuRatio) + "x",
            result.Kind == ClientKind.Librdkafka ? "" : Number(result.AllocatedEach),
            $"{Number(result.Turns[0].ResidentBytes / MiB)} - {Number(result.Turns[^1].ResidentBytes / MiB)}",
            isOurs ? result.Row.Note : "");
    }

    /// <summary>Somebody who could not take part, and why.</summary>
    public static string Missing(ClientRow row, ClientKind kind, string why) => Join(row.Name, kind.ToString(), "", "", "", "", "", "", "", "", why.Replace('|', '/'));

    private static string Goal(ClientResult result)
    {
        if (result.Kind == ClientKind.Moldau) return result.Row.IsLong ? "grows <= 1.1x" : result.Row.MostAllocated is { } bytes ? $"<= {Number(bytes)} B" : "";
        var parts = new List<string>();
        if (result.Row.GoalBeside(result.Kind) is { } times) parts.Add($">= {Number(times)}x");
        if (result.Kind == ClientKind.Encoding && result.Row.MostEncodingTimes is { } most) parts.Add($"<= {Number(most)}x its CPU");
        return string.Join(", ", parts);
    }

    private static string Join(params string[] cells) => "| " + string.Join(" | ", cells) + " |";

    private static string Number(double value) => value switch
    {
        < 0.005 => "0",
        < 10 => value.ToString("0.##", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };
}
