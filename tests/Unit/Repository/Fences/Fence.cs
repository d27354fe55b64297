namespace Moldau.Unit.Repository.Fences;

/// <summary>A piece of C# in a document.</summary>
/// <param name="Path">The document.</param>
/// <param name="Line">Where it begins.</param>
/// <param name="Given">What the comment <c>&lt;!-- given: ... --&gt;</c> in front of it declares, for pieces that are no whole program.</param>
/// <param name="Code">As it is printed.</param>
internal sealed record Fence(string Path, int Line, string Given, string Code)
{
    private const string Begin = "```csharp";
    private const string End = "```";
    private const string GivenBegin = "<!-- given:";
    private const string GivenEnd = "-->";

    public static IEnumerable<Fence> In(string path)
    {
        var lines = File.ReadAllLines(path);
        var given = "";
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith(GivenBegin, StringComparison.Ordinal))
            {
                var comment = new List<string>();
                do comment.Add(lines[i]);
                while (!lines[i++].Contains(GivenEnd, StringComparison.Ordinal));
                given = string.Join('\n', comment)[GivenBegin.Length..];
                given = given[..given.IndexOf(GivenEnd, StringComparison.Ordinal)];
                i--;
            }
            else if (lines[i] == Begin)
            {
                var (began, code) = (i + 1, new List<string>());
                while (lines[++i] != End) code.Add(lines[i]);
                yield return new Fence(path, began, given, string.Join('\n', code));
                given = "";
            }
        }
    }

    public override string ToString() => $"{Path}:{Line}";
}
