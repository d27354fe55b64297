namespace Moldau.ProtocolGenerator.Definitions;

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
