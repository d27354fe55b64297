using System.Text;

namespace Moldau.Coordination.Groups.Patterns;

/// <summary>What stands between two parentheses: alternatives, each of pieces that follow each other.</summary>
internal sealed class PatternSequence
{
    private readonly StringBuilder _done = new();
    private readonly List<string> _pieces = [];

    /// <summary>Those that hold again when the group that was opened inside is closed.</summary>
    public PatternFlags FlagsAround { get; set; }

    public void Add(string piece) => _pieces.Add(piece);

    public bool RepeatLast(string count)
    {
        if (_pieces.Count == 0) return false;
        _pieces[^1] = $"(?:{_pieces[^1]}){count}";
        return true;
    }

    public void NextAlternative()
    {
        _done.AppendJoin("", _pieces).Append('|');
        _pieces.Clear();
    }

    public string ToExpression() => $"(?:{_done}{string.Concat(_pieces)})";
}
