using System.Collections.Generic;

namespace Moldau.ProtocolGenerator.Definitions;

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
