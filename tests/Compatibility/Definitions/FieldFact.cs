namespace Moldau.Compatibility.Definitions;

/// <summary>One field as Kafka has it in one version of a message.</summary>
internal sealed class FieldFact
{
    public required string Name { get; init; }

    /// <summary>Kafka's word for the type, or for the element's type of an array.</summary>
    public required string Type { get; init; }

    public required bool Array { get; init; }

    /// <summary>The short length form of a string, bytes or records.</summary>
    public required bool Compact { get; init; }

    public required bool CompactArray { get; init; }

    public required bool Nullable { get; init; }

    /// <summary>The tag, or -1.</summary>
    public required int Tag { get; init; }

    /// <summary>The value of a new instance; 'empty' for bytes, arrays and structs.</summary>
    public required string Default { get; init; }

    public StructFact? Struct { get; init; }

    public string Describe()
    {
        var type = Array ? "[" + Type + "]" : Type;
        return type + (Nullable ? "?" : "") + (Tag >= 0 ? " tag " + Tag : "");
    }
}
