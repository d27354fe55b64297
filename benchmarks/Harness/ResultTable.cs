using System.Globalization;
using System.Text;

namespace Moldau.Bench.Harness;

/// <summary>Results as lines of a table that is aligned for a terminal and is Markdown as well.</summary>
internal static class ResultTable
{
    private static readonly int[] Widths = [44, 18, 18, 8, 22, 4, 10, 0];

    public static string Head => Line("row", "ours", "limit or peer", "ratio", "goal", "met", "alloc B/op", "note")
        + "\n" + Line([.. Widths.Select(static width => new string('-', Math.Max(3, width)))]);

    public static string Line(RowResult result)
    {
        var row = result.Row;
        return Line(
            row.Name,
            $"{Number(result.Ours)} {row.Unit.Name}",
            result.Peer is { } peer ? $"{Number(peer)} {row.Unit.Name}" : "none",
            result.Ratio is { } ratio ? Number(ratio) : "",
            row.Goal.Describe(row.Unit),
            result.IsMet switch { true => "yes", false => "NO", null => "" },
            Number(Math.Abs(result.BytesPerOperation) < 0.01 ? 0 : result.BytesPerOperation),
            row.Note + row.Found?.Invoke());
    }

    private static string Line(params string[] cells)
    {
        var line = new StringBuilder("|");
        for (var i = 0; i < cells.Length; i++) line.Append(' ').Append(cells[i].PadRight(Widths[i])).Append(" |");
        return line.ToString();
    }

    private static string Number(double value) => value switch
    {
        0 => "0",
        < 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0", CultureInfo.InvariantCulture),
    };
}
