using System.Collections.Generic;
using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.ProtocolGenerator.Emission;

/// <summary>The method that writes a struct that was measured before; it checks nothing again.</summary>
internal sealed class WriteEmitter
{
    private readonly CodeWriter _code;

    public WriteEmitter(CodeWriter code) => _code = code;

    public void Body(IReadOnlyList<FieldCode> fields, string? flexible)
    {
        foreach (var field in fields)
        {
            if (field.IsTagged) continue;
            if (field.Present is not null) _code.Open("if (" + field.Present + ")");
            Value(field);
            if (field.Present is not null) _code.Close();
        }

        if (flexible is null) return;
        if (flexible != "true") _code.Line("if (!flexible) return;");
        Tags(fields);
    }

    private void Tags(IReadOnlyList<FieldCode> fields)
    {
        // Tags go out in ascending order, whatever their order in the definition.
        var tagged = new List<FieldCode>();
        foreach (var field in fields)
            if (field.IsTagged) tagged.Add(field);
        tagged.Sort(static (left, right) => left.Definition.Tag.CompareTo(right.Definition.Tag));
        if (tagged.Count == 0)
        {
            _code.Line("writer.WriteUnsignedVarint(0);");
            return;
        }

        _code.Line("var tags = 0U;");
        foreach (var field in tagged) _code.Line("if (" + Written(field) + ") tags++;");
        _code.Line("writer.WriteUnsignedVarint(tags);");
        foreach (var field in tagged)
        {
            _code.Open("if (" + Written(field) + ")");
            _code.Line("writer.WriteUnsignedVarint(" + field.Definition.Tag + ");");
            _code.Line("writer.WriteUnsignedVarint((uint)" + SizeEmitter.Content(field) + ");");
            Value(field);
            _code.Close();
        }
    }

    private static string Written(FieldCode field) =>
        (field.Present is { } condition ? condition + " && " : "") + "!(" + field.IsDefault + ")";

    private void Value(FieldCode field)
    {
        if (field.Type.IsArray) Array(field);
        else if (field.Type.Kind == WireKind.Struct) Struct(field);
        else _code.Line(Scalar(field, field.Name));
    }

    private void Array(FieldCode field)
    {
        _code.Line("writer.WriteLength(" + field.Name + (field.EverNullable ? "?.Count ?? -1, " : ".Count, ") + field.Compact + ");");
        var element = field.Type.Kind == WireKind.Struct ? "item.Write(ref writer, version);" : Scalar(field, "item");
        var guard = field.EverNullable ? "if (" + field.Name + " is not null) " : "";
        _code.Line(guard + "foreach (var item in " + field.Name + ") " + element);
    }

    private void Struct(FieldCode field)
    {
        if (!field.EverNullable)
        {
            _code.Line(field.Name + ".Write(ref writer, version);");
            return;
        }

        var guard = field.AlwaysNullable ? "" : "if (" + field.NullAllowed + ") ";
        // Kafka marks a struct with a byte of -1 or 1 in its fixed place, and with a varint of 0 or 1 in a tag.
        _code.Line(guard + (field.IsTagged
            ? "writer.WriteUnsignedVarint(" + field.Name + " is null ? 0U : 1U);"
            : "writer.WritePresent(" + field.Name + " is not null);"));
        _code.Line(field.Name + "?.Write(ref writer, version);");
    }

    private static string Scalar(FieldCode field, string value) => field.Type.Kind is WireKind.String or WireKind.Bytes or WireKind.Records
        ? "writer.Write" + field.Type.Kind + "(" + value + ", " + field.Compact + ");"
        : "writer.Write" + field.Type.Kind + "(" + value + ");";
}
