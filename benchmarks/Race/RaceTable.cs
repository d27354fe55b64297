using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Moldau.Bench.Race;

/// <summary>All rows that were measured here, the latest of each: a long race is run row by row and comes together in this file.</summary>
internal sealed class RaceTable(string path)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly Dictionary<string, List<RaceLine>> _rows = File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, List<RaceLine>>>(File.ReadAllText(path), Options)! : [];

    public static string Head => "| row | what | ours | least - most | beside | | ratio | goal | met | note |\n|---|---|---|---|---|---|---|---|---|---|";

    public void Add(string row, List<RaceLine> lines)
    {
        _rows[row] = lines;
        File.WriteAllText(path, JsonSerializer.Serialize(_rows, Options));
    }

    public string Markdown(IEnumerable<string> order)
    {
        var text = new StringBuilder(Head).Append('\n');
        foreach (var row in order)
        {
            foreach (var line in _rows.GetValueOrDefault(row) ?? []) text.Append(Line(line)).Append('\n');
        }

        return text.ToString();
    }

    public static string Line(RaceLine line)
    {
        var (unit, scale) = UnitOf(line.Metric);
        var peer = double.IsNaN(line.Peer) ? "" : Number(line.Peer * scale);
        var met = line.IsMet switch { true => "yes", false => "NO", null => "" };
        return $"| {line.Row} | {unit} | {Number(line.Ours * scale)} | {Number(line.Least * scale)} - {Number(line.Most * scale)} | {line.Beside} | {peer} | {(double.IsNaN(line.Ratio) ? "" : Number(line.Ratio))} | {line.Goal} | {met} | {line.Note} |";
    }

    private static (string Unit, double Scale) UnitOf(string metric) => metric switch
    {
        nameof(Metric.RecordsPerSecond) => ("thousand records/s", 1e-3),
        nameof(Metric.OperationsPerSecond) => ("a second", 1),
        nameof(Metric.CpuPerMillion) => ("broker's CPU s/million", 1),
        nameof(Metric.CpuShare) => ("of a core", 1),
        nameof(Metric.P50) => ("p50 us", 1),
        nameof(Metric.P99) => ("p99 us", 1),
        nameof(Metric.Ready) => ("ready s", 1),
        nameof(Metric.Agreed) => ("agreed s", 1),
        nameof(Metric.AgreedAgain) => ("agreed again s", 1),
        nameof(Metric.PeakMemory) => ("peak MiB", 1),
        nameof(Metric.MemoryTaken) => ("MiB more", 1),
        _ => ("times", 1),
    };

    private static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 1 => value.ToString("0.000", CultureInfo.InvariantCulture),
        < 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };
}
