using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Shared.Messages;

/// <summary>The fields of one struct, and the properties of the class generated for it.</summary>
internal sealed class StructBinding
{
    private readonly List<FieldBinding> _fields = [];
    private readonly Type _type;

    /// <param name="known">The structs of the message bound so far: a struct may be used in several places.</param>
    public StructBinding(MessageDefinition message, StructDefinition definition, Type type, Dictionary<string, StructBinding> known)
    {
        _type = type;
        foreach (var field in definition.Fields)
        {
            var property = type.GetProperty(field.Name) ?? throw new InvalidOperationException($"{type} has no property {field.Name}");
            _fields.Add(new FieldBinding(field, property, StructOf(message, field, property.PropertyType, known)));
        }
    }

    public object Create(Dictionary<string, object?> content)
    {
        var instance = Activator.CreateInstance(_type)!;
        Fill(instance, content);
        return instance;
    }

    public void Fill(object instance, Dictionary<string, object?> content)
    {
        foreach (var field in _fields)
        {
            if (content.TryGetValue(field.Definition.Name, out var value)) field.Set(instance, value);
        }
    }

    public Dictionary<string, object?> Read(object instance, short version) =>
        _fields.Where(field => field.Definition.Versions.Contains(version)).ToDictionary(field => field.Definition.Name, field => field.Get(instance, version));

    private static StructBinding? StructOf(MessageDefinition message, FieldDefinition field, Type type, Dictionary<string, StructBinding> known)
    {
        if (field.Type.Kind != WireKind.Struct) return null;
        if (known.TryGetValue(field.Type.StructName!, out var binding)) return binding;
        var structure = field.Type.IsArray ? type.GetGenericArguments()[0] : type;
        binding = new StructBinding(message, message.Find(field.Type.StructName!)!, structure, known);
        known.Add(field.Type.StructName!, binding);
        return binding;
    }
}
