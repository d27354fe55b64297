using System.Text;

namespace Moldau.ProtocolGenerator.Emission;

/// <summary>Lines of C#, indented by the braces they open and close.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line = "")
    {
        if (line.Length == 0)
        {
            _text.Append('\n');
            return;
        }

        if (line[0] == '}') _depth--;
        _text.Append(' ', _depth * 4).Append(line).Append('\n');
        if (line == "{") _depth++;
    }

    /// <summary>Opens a braced block behind its head; <see cref="Close"/> ends it.</summary>
    public void Open(string head)
    {
        Line(head);
        Line("{");
    }

    public void Close(string tail = "") => Line("}" + tail);

    public override string ToString() => _text.ToString();
}
