using System.Collections.Generic;

namespace Moldau.ProtocolGenerator.Definitions;

public sealed class StructDefinition
{
    public StructDefinition(string name, int line)
    {
        Name = name;
        Line = line;
    }

    public string Name { get; }

    public int Line { get; }

    public List<FieldDefinition> Fields { get; } = new();
}
