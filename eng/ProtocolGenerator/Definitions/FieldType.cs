using System.Collections.Generic;

namespace Moldau.ProtocolGenerator.Definitions;

/// <summary>What a field holds: a kind, the struct's name when it is one, and whether it is an array of that.</summary>
public sealed class FieldType
{
    private static readonly Dictionary<string, WireKind> Kinds = new()
    {
        ["bool"] = WireKind.Bool,
        ["int8"] = WireKind.Int8,
        ["int16"] = WireKind.Int16,
        ["uint16"] = WireKind.UInt16,
        ["int32"] = WireKind.Int32,
        ["uint32"] = WireKind.UInt32,
        ["int64"] = WireKind.Int64,
        ["float64"] = WireKind.Float64,
        ["uuid"] = WireKind.Uuid,
        ["error"] = WireKind.Error, // an int16 on the wire
        ["string"] = WireKind.String,
        ["bytes"] = WireKind.Bytes,
        ["records"] = WireKind.Records,
    };

    private FieldType(WireKind kind, string? structName, bool isArray)
    {
        Kind = kind;
        StructName = structName;
        IsArray = isArray;
    }

    public WireKind Kind { get; }

    public string? StructName { get; }

    public bool IsArray { get; }

    /// <summary>Whether null is a value the type can take at all; whether a field allows it is the field's matter.</summary>
    public bool CanBeNull => IsArray || Kind is WireKind.String or WireKind.Bytes or WireKind.Records or WireKind.Struct;

    public static FieldType? Parse(string text)
    {
        var isArray = text.Length > 2 && text[0] == '[' && text[text.Length - 1] == ']';
        var element = isArray ? text.Substring(1, text.Length - 2) : text;
        if (Kinds.TryGetValue(element, out var kind)) return new FieldType(kind, null, isArray);
        return element.Length > 0 && char.IsUpper(element[0]) ? new FieldType(WireKind.Struct, element, isArray) : null;
    }
}
