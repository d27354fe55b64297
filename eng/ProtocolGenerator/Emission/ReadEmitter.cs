using System.Collections.Generic;
using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.ProtocolGenerator.Emission;

/// <summary>The method that reads a struct: fields in wire order, then the tagged ones in whatever order they come.</summary>
internal sealed class ReadEmitter
{
    private readonly CodeWriter _code;
    private readonly MinimumSizes _minimums;

    public ReadEmitter(CodeWriter code, MinimumSizes minimums)
    {
        _code = code;
        _minimums = minimums;
    }

    /// <summary>The body, between head and closing brace that the caller writes.</summary>
    public void Body(IReadOnlyList<FieldCode> fields, string structPlace, string? flexible)
    {
        foreach (var field in fields)
        {
            if (field.IsTagged) _code.Line(field.ResetStatement);
            else Field(field);
        }

        if (flexible is null) return;
        if (flexible != "true") _code.Line("if (!flexible) return;");
        _code.Open("for (var tags = reader.ReadTagCount(" + structPlace + "); tags > 0; tags--)");
        _code.Line("var tag = reader.ReadUnsignedVarint(" + structPlace + ");");
        _code.Line("var end = reader.ReadTagEnd(" + structPlace + ");");
        var first = true;
        foreach (var field in fields)
        {
            if (!field.IsTagged) continue;
            var present = field.Present is { } condition ? " && " + condition : "";
            _code.Open((first ? "if" : "else if") + " (tag == " + field.Definition.Tag + present + ")");
            Value(field);
            _code.Line("reader.ExpectTagEnd(end, " + field.Place + ");");
            _code.Close();
            first = false;
        }

        // A tag of a later Kafka: its content is passed over.
        _code.Line(first ? "reader.SkipTo(end);" : "else reader.SkipTo(end);");
        _code.Close();
    }

    private void Field(FieldCode field)
    {
        if (field.Present is null)
        {
            Value(field);
            return;
        }

        _code.Open("if (" + field.Present + ")");
        Value(field);
        _code.Close();
        _code.Line("else " + field.ResetStatement);
    }

    private void Value(FieldCode field)
    {
        if (field.Type.IsArray) Array(field);
        else if (field.Type.Kind == WireKind.Struct) Struct(field);
        else _code.Line(field.Name + " = " + Scalar(field) + ";");
    }

    private void Array(FieldCode field)
    {
        var arguments = "(" + field.Compact + ", " + _minimums.Element(field) + ", " + field.Place + ")";
        var count = "count" + field.Name;
        _code.Line("var " + count + " = " + ByNullability(field, "reader.ReadArrayLength" + arguments, "reader.ReadPresentArrayLength" + arguments) + ";");
        if (field.EverNullable)
        {
            _code.Line("if (" + count + " < 0) " + field.Name + " = null;");
            _code.Open("else");
        }
        else
        {
            _code.Line("{");
        }

        _code.Line("var list = " + field.Name + (field.EverNullable ? " ??= new();" : ";"));
        _code.Line("list.Clear();");
        _code.Open("for (var i = 0; i < " + count + "; i++)");
        if (field.Type.Kind == WireKind.Struct)
        {
            _code.Line("if (!list.TryReuse(out var item)) list.Add(item = new " + field.ElementType + "());");
            _code.Line("item.Read(ref reader, version);");
        }
        else
        {
            _code.Line("list.Add(reader." + Plain(field) + ");");
        }

        _code.Close();
        _code.Close();
    }

    private void Struct(FieldCode field)
    {
        if (!field.EverNullable)
        {
            _code.Line(field.Name + ".Read(ref reader, version);");
            return;
        }

        var present = field.IsTagged ? "(int)reader.ReadUnsignedVarint(" + field.Place + ") > 0" : "reader.ReadPresent(" + field.Place + ")";
        var condition = field.NullAllowed is { } allowed && !field.AlwaysNullable ? "!(" + allowed + ") || " + present : present;
        _code.Line("if (" + condition + ") (" + field.Name + " ??= new()).Read(ref reader, version);");
        _code.Line("else " + field.Name + " = null;");
    }

    private static string Scalar(FieldCode field)
    {
        if (!field.EverNullable) return "reader." + Plain(field);
        var arguments = "(" + field.Compact + ", " + field.Place + ")";
        var kind = field.Type.Kind.ToString();
        return ByNullability(field, "reader.ReadNullable" + kind + arguments, "reader.Read" + kind + arguments);
    }

    private static string Plain(FieldCode field) => field.Type.Kind is WireKind.String or WireKind.Bytes or WireKind.Records
        ? "Read" + field.Type.Kind + "(" + field.Compact + ", " + field.Place + ")"
        : "Read" + field.Type.Kind + "(" + field.Place + ")";

    /// <summary>Null is refused while reading in the versions that do not allow it.</summary>
    private static string ByNullability(FieldCode field, string nullable, string present)
    {
        if (!field.EverNullable) return present;
        return field.AlwaysNullable ? nullable : field.NullAllowed + " ? " + nullable + " : " + present;
    }
}
