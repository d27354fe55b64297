using System.Collections.Generic;

namespace Moldau.ProtocolGenerator.Definitions;

/// <summary>One message: a request, a response, a key, a value, or a lone one.</summary>
public sealed class MessageDefinition
{
    public MessageDefinition(string section, string name, int line)
    {
        Section = section;
        Root = new StructDefinition(name, line);
    }

    public string Section { get; }

    public string Name => Root.Name;

    public VersionRange Versions { get; set; } = VersionRange.None;

    public VersionRange Flexible { get; set; } = VersionRange.None;

    public StructDefinition Root { get; }

    /// <summary>Every struct below the root, in the order they were defined.</summary>
    public List<StructDefinition> Structs { get; } = new();

    public StructDefinition? Find(string name)
    {
        foreach (var candidate in Structs)
            if (candidate.Name == name) return candidate;
        return null;
    }
}
