using System.Collections.Generic;

namespace Moldau.ProtocolGenerator.Definitions;

/// <summary>What a file must hold beyond its notation; each rule that is broken is a fault at its line.</summary>
internal static class DefinitionRules
{
    public static void Check(DefinitionFile file, List<DefinitionFault> faults)
    {
        if (file.Name.Length == 0) faults.Add(new DefinitionFault(file.Path, 1, "no 'api', 'record' or 'message' heading"));
        if (!HasItsSections(file)) faults.Add(new DefinitionFault(file.Path, 1, "an api has a request and a response, a record a key and a value, a message fields"));
        foreach (var message in file.Messages)
        {
            CheckStruct(file, message, message.Root, faults);
            foreach (var structure in message.Structs) CheckStruct(file, message, structure, faults);
        }
    }

    private static bool HasItsSections(DefinitionFile file)
    {
        string[] expected = file.Kind switch
        {
            FileKind.Api => ["request", "response"],
            FileKind.Record => ["key", "value"],
            _ => ["fields"],
        };
        if (file.Messages.Count != expected.Length) return false;
        for (var i = 0; i < expected.Length; i++)
            if (file.Messages[i].Section != expected[i]) return false;
        return true;
    }

    private static void CheckStruct(DefinitionFile file, MessageDefinition message, StructDefinition structure, List<DefinitionFault> faults)
    {
        void Fault(int line, string problem) => faults.Add(new DefinitionFault(file.Path, line, problem));

        if (structure != message.Root && structure.Fields.Count == 0)
            Fault(structure.Line, "struct '" + structure.Name + "' has no fields");
        var names = new HashSet<string>();
        var tags = new HashSet<int>();
        foreach (var field in structure.Fields)
        {
            if (!names.Add(field.Name)) Fault(field.Line, "field '" + field.Name + "' appears twice in '" + structure.Name + "'");
            if (field.Name == structure.Name) Fault(field.Line, "field '" + field.Name + "' is named like the struct around it");
            if (structure == message.Root && message.Find(field.Name) is not null)
                Fault(field.Line, "field '" + field.Name + "' is named like a struct of the same message");
            if (field.Tag >= 0 && !tags.Add(field.Tag)) Fault(field.Line, "tag " + field.Tag + " appears twice");
            if (field.Tag >= 0 && !message.Flexible.Covers(field.Versions.Intersect(message.Versions)))
                Fault(field.Line, "a tagged field in versions that are not flexible");
            if (!field.Nullable.IsEmpty && !field.Type.CanBeNull) Fault(field.Line, "a type that cannot be null");
            if (!field.Versions.Covers(field.Nullable.Intersect(message.Versions))) Fault(field.Line, "nullable in versions without the field");
            if (field.Versions.Intersect(message.Versions).IsEmpty) Fault(field.Line, "in no version of the message");
            if (field.DefaultIsNull && field.Nullable.IsEmpty) Fault(field.Line, "defaults to null but is never nullable");
        }
    }
}
