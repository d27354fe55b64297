namespace Moldau.ProtocolGenerator.Definitions;

/// <summary>A fault in a definition file, with its place.</summary>
public sealed class DefinitionFault
{
    public DefinitionFault(string path, int line, string problem)
    {
        Path = path;
        Line = line;
        Problem = problem;
    }

    public string Path { get; }

    public int Line { get; }

    public string Problem { get; }

    public override string ToString() => Path + ":" + Line + ": " + Problem;
}
