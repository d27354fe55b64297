using System.Globalization;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>An event's line: its name, who asks, and words like 'member=m1'.</summary>
internal sealed class ScenarioWords
{
    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);
    private readonly List<string> _plain = [];

    /// <param name="line">The event.</param>
    /// <param name="resolve">What stands for a name that was given to an id.</param>
    public ScenarioWords(string line, Func<string, string> resolve)
    {
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.IndexOf('=') is var at and > 0) _named[word[..at]] = resolve(word[(at + 1)..]);
            else _plain.Add(resolve(word));
        }
    }

    public string Event => _plain[0];

    public string Who => Plain(1);

    public string Plain(int index) => index < _plain.Count ? _plain[index] : throw new FormatException($"'{Event}' needs {index} words behind it");

    public IEnumerable<string> From(int index) => _plain.Skip(index);

    public bool Has(string flag) => _plain.Contains(flag);

    public string Text(string name, string otherwise = "") => _named.GetValueOrDefault(name, otherwise);

    public string? Optional(string name) => _named.GetValueOrDefault(name);

    public int Number(string name, int otherwise) => _named.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Words like 't-0=5': partitions with what belongs to them.</summary>
    public IEnumerable<(string Topic, int Partition, string Value)> Partitions()
    {
        foreach (var (name, value) in _named)
        {
            if (name.LastIndexOf('-') is var dash and > 0 && int.TryParse(name[(dash + 1)..], CultureInfo.InvariantCulture, out var partition)) yield return (name[..dash], partition, value);
        }
    }
}
