using System.Text.Json.Nodes;
using Moldau.ProtocolGenerator.Definitions;
using Moldau.Shared.Messages;

namespace Moldau.Compatibility.Messages;

/// <summary>
/// Brings content as Kafka prints it and as we do into one form. Kafka leaves out tagged fields that have their
/// default, and prints any records as empty ones.
/// </summary>
internal sealed class KafkaJson(MessageDefinition message, short version)
{
    public string Normalize(string json) => Struct(message.Root, JsonNode.Parse(json)!.AsObject()).ToJsonString();

    private JsonObject Struct(StructDefinition definition, JsonObject json)
    {
        var normal = new JsonObject();
        foreach (var field in definition.Fields)
        {
            var name = ContentJson.NameOf(field);
            if (!field.Versions.Contains(version) || !json.TryGetPropertyValue(name, out var value)) continue;
            var kept = Field(field.Type, value);
            if (field.Tag < 0 || !IsDefault(field, kept)) normal.Add(name, kept);
        }

        return normal;
    }

    private JsonNode? Field(FieldType type, JsonNode? value)
    {
        if (value is null) return null;
        if (type.IsArray) return new JsonArray([.. value.AsArray().Select(element => Element(type, element!))]);
        return Element(type, value);
    }

    private JsonNode Element(FieldType type, JsonNode value) => type.Kind switch
    {
        WireKind.Struct => Struct(message.Find(type.StructName!)!, value.AsObject()),
        WireKind.Records => JsonValue.Create(""),
        WireKind.Float64 => JsonValue.Create(value.GetValue<double>()),
        _ => value.DeepClone(),
    };

    private bool IsDefault(FieldDefinition field, JsonNode? value)
    {
        if (value is null) return field.DefaultIsNull;
        if (field.DefaultIsNull) return false;
        return value switch
        {
            JsonArray array => array.Count == 0,
            JsonObject structure => IsDefault(message.Find(field.Type.StructName!)!, structure),
            _ => value.ToString() == DefaultText(field),
        };
    }

    /// <summary>A struct is its default when every field of it is.</summary>
    private bool IsDefault(StructDefinition definition, JsonObject json) =>
        definition.Fields.All(field => !json.TryGetPropertyValue(ContentJson.NameOf(field), out var value) || IsDefault(field, value));

    private static string DefaultText(FieldDefinition field) => field.Type.Kind switch
    {
        WireKind.Bool => field.Default ?? "false",
        WireKind.Uuid => new string('A', 22),
        WireKind.String or WireKind.Bytes or WireKind.Records => field.Default ?? "",
        _ => field.Default ?? "0",
    };
}
