using System.Collections.Generic;

namespace Moldau.ProtocolGenerator.Definitions;

public enum FileKind
{
    /// <summary>A request and its response.</summary>
    Api,

    /// <summary>A stored record: a key and a value.</summary>
    Record,

    /// <summary>A message that stands alone: a header, or an embedded protocol.</summary>
    Message,
}

/// <summary>One definition file.</summary>
public sealed class DefinitionFile
{
    public DefinitionFile(string path) => Path = path;

    public string Path { get; }

    public FileKind Kind { get; set; }

    /// <summary>The API key, or the record's type number.</summary>
    public short Number { get; set; }

    public string Name { get; set; } = "";

    /// <summary>The internal topic a stored record lives in.</summary>
    public string? Topic { get; set; }

    /// <summary>What ApiVersions answers, where that is wider than what is served.</summary>
    public VersionRange? Advertised { get; set; }

    /// <summary>The comment lines on top, for the references.</summary>
    public List<string> Comment { get; } = new();

    public List<MessageDefinition> Messages { get; } = new();
}

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

public sealed class FieldDefinition
{
    public FieldDefinition(string name, FieldType type, int line)
    {
        Name = name;
        Type = type;
        Line = line;
    }

    public string Name { get; }

    public FieldType Type { get; }

    public int Line { get; }

    public VersionRange Versions { get; set; } = VersionRange.All;

    public VersionRange Nullable { get; set; } = VersionRange.None;

    /// <summary>The tag, or -1 for a field with a fixed place.</summary>
    public int Tag { get; set; } = -1;

    /// <summary>The literal after <c>=</c>, or null for the type's own default.</summary>
    public string? Default { get; set; }

    /// <summary>A version without a place for this field drops it silently; otherwise writing a set value is refused.</summary>
    public bool Ignorable { get; set; }

    /// <summary>Keeps the long form of its length even in flexible versions.</summary>
    public bool Plain { get; set; }

    public bool DefaultIsNull => Default == "null";
}

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
