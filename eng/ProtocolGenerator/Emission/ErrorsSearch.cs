using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.ProtocolGenerator.Emission;

/// <summary>Finds the structs that lead to a field of an error's code.</summary>
internal sealed class ErrorsSearch
{
    private readonly MessageDefinition _message;

    public ErrorsSearch(MessageDefinition message) => _message = message;

    public bool Holds(StructDefinition structure)
    {
        foreach (var field in structure.Fields)
        {
            if (field.Type.Kind == WireKind.Error) return true;
            if (field.Type.StructName is { } name && _message.Find(name) is { } inner && inner != structure && Holds(inner)) return true;
        }

        return false;
    }
}
