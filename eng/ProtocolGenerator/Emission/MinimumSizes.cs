using System;
using System.Collections.Generic;
using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.ProtocolGenerator.Emission;

/// <summary>
/// The fewest bytes a value can take in any version of its message. What is left of a frame, divided by this, bounds the
/// elements an array may claim, so it must never be above the truth.
/// </summary>
internal sealed class MinimumSizes
{
    private readonly MessageDefinition _message;
    private readonly Dictionary<string, int> _known = new();

    public MinimumSizes(MessageDefinition message) => _message = message;

    public int Element(FieldCode array) => Math.Max(1, OfValue(array, asElement: true));

    private int OfStruct(string name)
    {
        if (_known.TryGetValue(name, out var known)) return known;
        _known[name] = 0; // a struct that holds itself adds nothing it can be sure of
        var structure = _message.Find(name)!;
        var size = 0;
        foreach (var definition in structure.Fields)
        {
            var field = new FieldCode(_message, structure, definition);
            if (!field.IsTagged && field.Versions.Covers(_message.Versions)) size += OfValue(field, asElement: false);
        }

        return _known[name] = size;
    }

    private int OfValue(FieldCode field, bool asElement)
    {
        var compact = !_message.Flexible.IsEmpty && !field.Definition.Plain;
        if (field.Type.IsArray && !asElement) return compact ? 1 : 4;
        return field.Type.Kind switch
        {
            WireKind.String => compact ? 1 : 2,
            WireKind.Bytes or WireKind.Records => compact ? 1 : 4,
            WireKind.Struct => field.EverNullable && !asElement ? 1 : OfStruct(field.Type.StructName!),
            _ => field.ElementSize,
        };
    }
}
