using System.Text.Json;
using System.Text.Json.Serialization;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata.Records;

/// <summary>Ids as everybody writes them: 22 characters.</summary>
internal sealed class UuidConverter : JsonConverter<Uuid>
{
    public override Uuid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return Uuid.TryParse(text, out var id) ? id : throw new JsonException($"'{text}' is no id: 22 characters of URL-safe base64 are");
    }

    public override void Write(Utf8JsonWriter writer, Uuid value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
