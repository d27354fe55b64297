using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Shared.Messages;

/// <summary>
/// Content as JSON, in the words of Kafka's own converters: names begin with a small letter, bytes are base64, ids are
/// URL-safe base64, a float always shows its point. One content has one text, so texts can be compared.
/// </summary>
internal sealed class ContentJson(MessageDefinition message, short version)
{
    public string Write(Dictionary<string, object?> content)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) WriteStruct(writer, message.Root, content);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public Dictionary<string, object?> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ReadStruct(message.Root, document.RootElement);
    }

    /// <summary>The name as JSON has it.</summary>
    public static string NameOf(FieldDefinition field) => char.ToLowerInvariant(field.Name[0]) + field.Name[1..];

    private void WriteStruct(Utf8JsonWriter writer, StructDefinition definition, Dictionary<string, object?> content)
    {
        writer.WriteStartObject();
        foreach (var field in definition.Fields)
        {
            if (!field.Versions.Contains(version)) continue;
            writer.WritePropertyName(NameOf(field));
            WriteField(writer, field.Type, content[field.Name]);
        }

        writer.WriteEndObject();
    }

    private void WriteField(Utf8JsonWriter writer, FieldType type, object? value)
    {
        if (value is List<object?> list)
        {
            writer.WriteStartArray();
            foreach (var element in list) WriteElement(writer, type, element);
            writer.WriteEndArray();
            return;
        }

        WriteElement(writer, type, value);
    }

    private void WriteElement(Utf8JsonWriter writer, FieldType type, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                var text = number.ToString("R", CultureInfo.InvariantCulture);
                writer.WriteRawValue(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0");
                break;
            case string characters:
                writer.WriteStringValue(characters);
                break;
            case byte[] id when type.Kind == WireKind.Uuid:
                writer.WriteStringValue(Base64Url.EncodeToString(id));
                break;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            case Dictionary<string, object?> structure:
                WriteStruct(writer, message.Find(type.StructName!)!, structure);
                break;
            default:
                throw new ArgumentException("content of type " + value.GetType(), nameof(value));
        }
    }

    private Dictionary<string, object?> ReadStruct(StructDefinition definition, JsonElement json)
    {
        var content = new Dictionary<string, object?>();
        foreach (var field in definition.Fields)
        {
            if (field.Versions.Contains(version)) content.Add(field.Name, ReadField(field.Type, json.GetProperty(NameOf(field))));
        }

        return content;
    }

    private object? ReadField(FieldType type, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null) return null;
        return type.IsArray ? json.EnumerateArray().Select(element => (object?)ReadElement(type, element)).ToList() : ReadElement(type, json);
    }

    private object ReadElement(FieldType type, JsonElement json) => type.Kind switch
    {
        WireKind.Bool => json.GetBoolean(),
        WireKind.Float64 => json.GetDouble(),
        WireKind.String => json.GetString()!,
        WireKind.Uuid => Base64Url.DecodeFromChars(json.GetString()),
        WireKind.Bytes or WireKind.Records => json.GetBytesFromBase64(),
        WireKind.Struct => ReadStruct(message.Find(type.StructName!)!, json),
        _ => json.GetInt64(),
    };
}
