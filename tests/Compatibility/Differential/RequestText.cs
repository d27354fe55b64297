using System.Buffers.Text;
using System.Text.Json;
using Moldau.Protocol.Messages;
using Moldau.ProtocolGenerator.Definitions;
using Moldau.Shared.Messages;

namespace Moldau.Compatibility.Differential;

/// <summary>
/// A request's content from JSON that names only what matters: the rest keeps its default, and what a version does not
/// have is left out of it, so that one text serves all versions.
/// </summary>
internal sealed class RequestText(MessageBinding binding, short version)
{
    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true };

    public byte[] Write(string json)
    {
        using var document = JsonDocument.Parse(json, Options);
        return MessageBytes.Write(binding.Create(Struct(binding.Definition.Root, document.RootElement)), version);
    }

    private Dictionary<string, object?> Struct(StructDefinition definition, JsonElement json)
    {
        var content = new Dictionary<string, object?>();
        foreach (var given in json.EnumerateObject())
        {
            var field = definition.Fields.FirstOrDefault(field => field.Name == given.Name)
                ?? throw new InvalidDataException($"{binding.Definition.Name}: {definition.Name} has no {given.Name}, but {string.Join(", ", definition.Fields.Select(field => field.Name))}");
            if (field.Versions.Contains(version)) content.Add(field.Name, Field(field.Type, given.Value));
        }

        return content;
    }

    private object? Field(FieldType type, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null) return null;
        return type.IsArray ? json.EnumerateArray().Select(element => (object?)Element(type, element)).ToList() : Element(type, json);
    }

    private object Element(FieldType type, JsonElement json) => type.Kind switch
    {
        WireKind.Bool => json.GetBoolean(),
        WireKind.Float64 => json.GetDouble(),
        WireKind.String => json.GetString()!,
        WireKind.Uuid => Base64Url.DecodeFromChars(json.GetString()),
        WireKind.Bytes => json.GetBytesFromBase64(),
        WireKind.Records => BatchText.Build(json.GetString()!),
        WireKind.Struct => Struct(binding.Definition.Find(type.StructName!)!, json),
        _ => json.GetInt64(),
    };
}
