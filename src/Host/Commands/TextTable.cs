namespace Moldau.Host.Commands;

/// <summary>Rows under headings, each column as wide as its longest cell.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    public TextTable(params string[] headings) => _rows.Add(headings);

    public void Add(params string[] cells)
    {
        if (cells.Length != _rows[0].Length)
            throw new ArgumentException($"{cells.Length} cells under {_rows[0].Length} headings", nameof(cells));
        _rows.Add(cells);
    }

    public void Write(TextWriter output)
    {
        var widths = new int[_rows[0].Length];
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], row[i].Length);
        }

        foreach (var row in _rows)
        {
            // The last column is not padded: no line ends in blanks.
            var padded = row.Select((cell, i) => i == row.Length - 1 ? cell : cell.PadRight(widths[i]));
            output.WriteLine(string.Join(Gap, padded));
        }
    }
}
