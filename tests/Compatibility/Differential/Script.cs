using System.Globalization;
using Moldau.Protocol.Messages;
using Moldau.Shared;

namespace Moldau.Compatibility.Differential;

/// <summary>
/// A text with requests. A line is a case's name behind '=='; a request, which is an API's name, its versions ('*' for all, 'ends' for the lowest and the highest,
/// '3', '3-5', '!9' for a version that is not served, without content) and content as JSON; 'define name(a, b) request'
/// for a form that is filled in by 'name a | b'; 'as one, other' for the users that ask from there on; 'save variable Field' behind the request that tells it;
/// 'until words' behind one that is asked again until a value of its answer has them; a comment behind '#'.
/// A line that begins with spaces goes on with the one before.
/// </summary>
internal sealed class Script
{
    private readonly Dictionary<string, (string[] Parameters, string Body)> _forms = new(StringComparer.Ordinal);
    private readonly List<ScriptStep> _steps = [];
    private string _case = "";
    private string?[] _users = [null];

    private Script()
    {
    }

    public static string Folder { get; } = Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "Differential", "scripts");

    public IReadOnlyList<ScriptStep> Steps => _steps;

    public static Script Read(string name)
    {
        var script = new Script();
        var number = 0;
        var (pending, start) = ("", 0);
        foreach (var line in File.ReadLines(Path.Combine(Folder, name + ".txt")).Append(""))
        {
            number++;
            if (line.StartsWith(' '))
            {
                pending += " " + line.Trim();
                continue;
            }

            if (pending.Length > 0) script.Add(pending, start);
            (pending, start) = (line.StartsWith('#') ? "" : line.TrimEnd(), number);
        }

        return script;
    }

    private void Add(string line, int number)
    {
        if (line.StartsWith("== ", StringComparison.Ordinal))
        {
            _case = line[3..];
        }
        else if (line.StartsWith("as ", StringComparison.Ordinal))
        {
            _users = line[3..].Split(',', StringSplitOptions.TrimEntries);
        }
        else if (line.StartsWith("define ", StringComparison.Ordinal))
        {
            var (open, close) = (line.IndexOf('('), line.IndexOf(')'));
            var parameters = line[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            _forms.Add(line[7..open], (parameters, line[(close + 1)..].Trim()));
        }
        else if (line.StartsWith("save ", StringComparison.Ordinal))
        {
            var words = line.Split(' ');
            _steps[^1] = _steps[^1] with { Saves = [.. _steps[^1].Saves, (words[1], words[2])] };
        }
        else if (line.StartsWith("until ", StringComparison.Ordinal))
        {
            _steps[^1] = _steps[^1] with { Until = line[6..] };
        }
        else
        {
            _steps.Add(Request(Expand(line), number));
        }
    }

    private string Expand(string line)
    {
        for (var depth = 0; depth < 4; depth++)
        {
            var end = line.IndexOf(' ') is var at and >= 0 ? at : line.Length;
            if (!_forms.TryGetValue(line[..end], out var form)) return line;
            var given = form.Parameters.Length == 0 ? [] : line[end..].Split('|', form.Parameters.Length, StringSplitOptions.TrimEntries);
            if (given.Length != form.Parameters.Length) throw new InvalidDataException($"'{line}' gives {given.Length} of {form.Parameters.Length}");
            line = form.Body;
            foreach (var (parameter, value) in form.Parameters.Zip(given)) line = line.Replace($"<{parameter}>", value, StringComparison.Ordinal);
        }

        return line;
    }

    private ScriptStep Request(string line, int number)
    {
        var words = line.Split(' ', 3);
        var api = ApiTable.Get(Enum.Parse<ApiKey>(words[0]));
        var versions = VersionsOf(api, words[1]).ToList();
        var isServed = !words[1].StartsWith('!');
        return new ScriptStep(_case, api, versions, isServed ? words.Length > 2 ? words[2] : "{}" : null, [], null, number, _users);
    }

    private static IEnumerable<short> VersionsOf(ApiDescription api, string text)
    {
        if (text == "ends") return new[] { api.LowestVersion, api.HighestVersion }.Distinct();
        if (text == "*") return Run(api.LowestVersion, api.HighestVersion);
        if (text.StartsWith('!')) return [Number(text[1..])];
        var parts = text.Split('-', 2);
        return parts.Length == 1 ? [Number(text)] : Run(parts[0].Length == 0 ? api.LowestVersion : Number(parts[0]), parts[1].Length == 0 ? api.HighestVersion : Number(parts[1]));
    }

    private static IEnumerable<short> Run(short first, short last) => Enumerable.Range(first, last - first + 1).Select(version => (short)version);

    private static short Number(string text) => short.Parse(text, CultureInfo.InvariantCulture);
}
