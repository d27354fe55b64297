using System.Collections.Generic;
using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.ProtocolGenerator.Emission;

/// <summary>The method that measures a struct, and refuses what the version cannot carry.</summary>
internal sealed class SizeEmitter
{
    private readonly CodeWriter _code;

    public SizeEmitter(CodeWriter code) => _code = code;

    public void Body(IReadOnlyList<FieldCode> fields, string? flexible)
    {
        var always = 0;
        foreach (var field in fields)
            if (!field.IsTagged && field.Present is null) always += field.FixedSize;
        _code.Line("var size = " + always + ";");
        foreach (var field in fields)
            if (!field.IsTagged) Field(field);

        if (flexible is not null) Tags(fields, flexible);
        _code.Line("return size;");
    }

    /// <summary>The size of a field's content, as an expression; arrays of structs add up in statements before it.</summary>
    public static string Content(FieldCode field)
    {
        if (field.Type.IsArray) return "SizeOf" + field.Name + "(version)";
        return field.Type.Kind switch
        {
            WireKind.String => "WireSize.String(" + field.Name + ", " + field.Compact + ", " + field.Place + ")",
            WireKind.Bytes => "WireSize.Bytes(" + field.Name + ", " + field.Compact + ")",
            WireKind.Records => "WireSize.Records(" + field.Name + ", " + field.Compact + ")",
            WireKind.Struct => Struct(field),
            _ => field.FixedSize.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A method of its own for each array, since both a fixed place and a tag need its size.</summary>
    public void ArrayMethod(FieldCode field)
    {
        _code.Line();
        _code.Open("private int SizeOf" + field.Name + "(short version)");
        if (field.Compact == "flexible") _code.Line(MessageEmitter.FlexibleLocal);
        if (field.EverNullable) _code.Line("if (" + field.Name + " is null) return WireSize.Length(-1, " + field.Compact + ");");
        _code.Line("var size = WireSize.Length(" + field.Name + ".Count, " + field.Compact + ");");
        if (field.ElementSize > 0)
        {
            _code.Line("size += " + field.Name + ".Count * " + field.ElementSize + ";");
        }
        else
        {
            var element = field.Type.Kind switch
            {
                WireKind.String => "WireSize.String(item, " + field.Compact + ", " + field.Place + ")",
                WireKind.Bytes => "WireSize.Bytes(item, " + field.Compact + ")",
                WireKind.Records => "WireSize.Records(item, " + field.Compact + ")",
                _ => "item.Size(version)",
            };
            _code.Line("foreach (var item in " + field.Name + ") size += " + element + ";");
        }

        _code.Line("return size;");
        _code.Close();
    }

    private static string Struct(FieldCode field)
    {
        if (!field.EverNullable) return field.Name + ".Size(version)";
        var marker = field.AlwaysNullable ? "1" : "(" + field.NullAllowed + " ? 1 : 0)";
        return "(" + marker + " + (" + field.Name + "?.Size(version) ?? 0))";
    }

    private void Field(FieldCode field)
    {
        if (field.Present is null)
        {
            RefuseNull(field);
            if (field.FixedSize == 0) _code.Line("size += " + Content(field) + ";");
            return;
        }

        _code.Open("if (" + field.Present + ")");
        RefuseNull(field);
        _code.Line("size += " + Content(field) + ";");
        _code.Close();
        RefuseAbsent(field);
    }

    private void Tags(IReadOnlyList<FieldCode> fields, string flexible)
    {
        var tagged = false;
        foreach (var field in fields) tagged |= field.IsTagged;
        var guard = flexible == "true" ? "" : "if (flexible) ";
        if (!tagged)
        {
            _code.Line(guard + "size++;");
            return;
        }

        _code.Line("var tags = 0U;");
        foreach (var field in fields)
        {
            if (!field.IsTagged) continue;
            _code.Open(field.Present is null ? "" : "if (" + field.Present + ")");
            _code.Open("if (!(" + field.IsDefault + "))");
            RefuseNull(field);
            _code.Line("tags++;");
            _code.Line("size += WireSize.Tagged(" + field.Definition.Tag + ", " + Content(field) + ");");
            _code.Close();
            _code.Close();
            if (field.Present is not null) RefuseAbsent(field);
        }

        _code.Line(guard + "size += WireSize.UnsignedVarint(tags);");
    }

    private void RefuseNull(FieldCode field)
    {
        if (field.AlwaysNullable || field.IsNull is null) return;
        var allowed = field.NullAllowed is { } condition && field.EverNullable ? " && !(" + condition + ")" : "";
        _code.Line("if (" + field.IsNull + allowed + ") throw new UnsupportedFieldException(" + field.Place + ", \"null\", version);");
    }

    private void RefuseAbsent(FieldCode field)
    {
        if (field.Definition.Ignorable) return;
        _code.Line("else if (!(" + field.IsDefault + ")) throw new UnsupportedFieldException(" + field.Place + ", \"a value other than its default\", version);");
    }
}
