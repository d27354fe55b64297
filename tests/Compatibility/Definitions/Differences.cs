using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Compatibility.Definitions;

/// <summary>
/// What a definition says otherwise than Kafka, each with its place. The same words about several versions become one
/// line that names them all.
/// </summary>
internal sealed class Differences
{
    private readonly Dictionary<(string Path, int Line, string Subject, string Text), List<short>> _found = [];

    public void Add(string path, int line, string subject, string text, short? version = null)
    {
        var key = (path, line, subject, text);
        if (!_found.TryGetValue(key, out var versions)) _found.Add(key, versions = []);
        if (version is { } number && !versions.Contains(number)) versions.Add(number);
    }

    public IReadOnlyList<string> Lines =>
        [.. _found.OrderBy(found => found.Key.Path, StringComparer.Ordinal).ThenBy(found => found.Key.Line)
            .Select(found => $"{found.Key.Path}:{found.Key.Line} {found.Key.Subject}{Versions(found.Value)}: {found.Key.Text}")];

    public override string ToString() => string.Join("\n", Lines);

    private static string Versions(List<short> versions)
    {
        var runs = new List<VersionRange>();
        foreach (var version in versions.Order())
        {
            if (runs.Count > 0 && runs[^1].Last == version - 1) runs[^1] = new VersionRange(runs[^1].First, version);
            else runs.Add(new VersionRange(version, version));
        }

        return runs.Count == 0 ? "" : " v" + string.Join(",", runs);
    }
}
