using System.Collections.Generic;
using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.ProtocolGenerator.Emission;

/// <summary>The method that counts the errors a message tells, wherever they stand in it.</summary>
internal sealed class ErrorsEmitter
{
    private readonly CodeWriter _code;
    private readonly MessageDefinition _message;
    private readonly ErrorsSearch _search;

    public ErrorsEmitter(CodeWriter code, MessageDefinition message)
    {
        _code = code;
        _message = message;
        _search = new ErrorsSearch(message);
    }

    public void Method(StructDefinition structure, IReadOnlyList<FieldCode> fields, bool isRoot)
    {
        if (!_search.Holds(structure)) return;
        _code.Line();
        _code.Open((isRoot ? "public " : "internal ") + "void CountErrors(ErrorTally tally)");
        foreach (var field in fields) Field(structure, field);
        _code.Close();
    }

    private void Field(StructDefinition structure, FieldCode field)
    {
        string call;
        var item = field.Type.IsArray ? "item" : field.Name;
        if (field.Type.Kind == WireKind.Error) call = "tally.Add(" + item + ");";
        else if (field.Type.StructName is { } name && _message.Find(name) is { } inner && inner != structure && _search.Holds(inner)) call = item + ".CountErrors(tally);";
        else return;
        _code.Line((field.EverNullable ? "if (" + field.Name + " is not null) " : "") + (field.Type.IsArray ? "foreach (var item in " + field.Name + ") " : "") + call);
    }
}
