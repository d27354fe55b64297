using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.ProtocolGenerator.Emission;

/// <summary>Finds the structs that lead to a field of records.</summary>
internal sealed class RecordsSearch
{
    private readonly MessageDefinition _message;

    public RecordsSearch(MessageDefinition message) => _message = message;

    public bool Holds(StructDefinition structure)
    {
        foreach (var field in structure.Fields)
        {
            if (field.Type.Kind == WireKind.Records) return true;
            if (field.Type.StructName is { } name && _message.Find(name) is { } inner && inner != structure && Holds(inner)) return true;
        }

        return false;
    }
}
