using Moldau.ProtocolGenerator.Definitions;
using Moldau.Shared.Messages;

namespace Moldau.Fuzz;

/// <summary>
/// Content whose bytes are as few as its version allows, but for one array with many such elements, and arrays with one or
/// none inside these: the first element of a list costs the most memory.
/// </summary>
internal sealed class SmallestContent(MessageDefinition message, short version, int elements, int innerElements)
{
    /// <summary>One content for each array there is, at any depth; those around it have a single element.</summary>
    public IEnumerable<(string Path, Dictionary<string, object?> Content)> EveryArray() => EveryArray(message.Root, "");

    private IEnumerable<(string Path, Dictionary<string, object?> Content)> EveryArray(StructDefinition definition, string path)
    {
        foreach (var field in Present(definition))
        {
            var here = path + "." + field.Name;
            if (field.Type.IsArray)
            {
                var filled = Smallest(definition);
                filled[field.Name] = Enumerable.Repeat(Element(field.Type), elements).ToList();
                yield return (here, filled);
            }

            if (field.Type.Kind != WireKind.Struct || path.Length > 200) continue;
            foreach (var (inner, content) in EveryArray(message.Find(field.Type.StructName!)!, here))
            {
                var around = Smallest(definition);
                around[field.Name] = field.Type.IsArray ? new List<object?> { content } : content;
                yield return (inner, around);
            }
        }
    }

    private Dictionary<string, object?> Smallest(StructDefinition definition) => Present(definition).ToDictionary(static field => field.Name, Value);

    // A tagged field costs no bytes only as its default, and keeps that when it is not named.
    private IEnumerable<FieldDefinition> Present(StructDefinition definition) =>
        definition.Fields.Where(field => field.Versions.Contains(version) && (field.Tag < 0 || field.Type.IsArray || field.Type.Kind == WireKind.Struct));

    private object? Value(FieldDefinition field)
    {
        if (field.Type.IsArray && (innerElements > 0 || !field.Nullable.Contains(version)))
            return Enumerable.Repeat(0, innerElements).Select(_ => (object?)Element(field.Type)).ToList();
        return field.Nullable.Contains(version) ? null : Element(field.Type);
    }

    private object? Element(FieldType type) =>
        type.Kind == WireKind.Struct ? Smallest(message.Find(type.StructName!)!) : RandomValues.Nothing(type.Kind);
}
