using System.Text.RegularExpressions;
using Moldau.Shared;

namespace Moldau.Compatibility.Differential;

/// <summary>The differences that docs/compatibility/differences.md explains: rows of script, API, case and field, where '*' is any text.</summary>
internal sealed class KnownDifferences
{
    private readonly List<(string Row, string Script, Regex Api, Regex Case, Regex Field)> _rows = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public KnownDifferences()
    {
        foreach (var line in File.ReadLines(Path.Combine(RepositoryPaths.Root, "docs", "compatibility", "differences.md")))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length < 7 || !cells[1].StartsWith('`')) continue;
            _rows.Add((line, cells[1].Trim('`'), Pattern(cells[2]), Pattern(cells[3]), Pattern(cells[4])));
        }
    }

    public bool Explains(Difference found)
    {
        var row = _rows.Find(row => row.Script == found.Script && row.Api.IsMatch($"{found.Step.Api.Key} v{found.Version}") && row.Case.IsMatch(found.Step.Case) && row.Field.IsMatch(found.Field));
        if (row.Row is null) return false;
        _seen.Add(row.Row);
        return true;
    }

    /// <summary>Rows of a script that explained nothing.</summary>
    public IEnumerable<string> Stale(string script) => _rows.Where(row => row.Script == script && !_seen.Contains(row.Row)).Select(row => row.Row);

    private static Regex Pattern(string cell) =>
        new("^" + Regex.Escape(cell.Trim('`')).Replace("\\*", ".*", StringComparison.Ordinal) + "( v.*)?$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
