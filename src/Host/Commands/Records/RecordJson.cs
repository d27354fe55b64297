using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Moldau.Client;
using Moldau.Client.Consuming;

namespace Moldau.Host.Commands.Records;

/// <summary>A record as one JSON object on a line, with kcat's names. Bytes that are no UTF-8 come as base64 under a name that says so.</summary>
internal static class RecordJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> output, TopicPartition where, in RawRecord record)
    {
        using (var json = new Utf8JsonWriter(output, Plain))
        {
            json.WriteStartObject();
            json.WriteString("topic", where.Topic);
            json.WriteNumber("partition", where.Partition);
            json.WriteNumber("offset", record.Offset);
            json.WriteString("tstype", record.TimestampType == TimestampType.LogAppend ? "logappend" : "create");
            json.WriteNumber("ts", record.TimestampMs);
            json.WriteStartArray("headers");
            foreach (var header in record.Headers)
            {
                json.WriteStringValue(header.KeyUtf8.Span);
                if (header.Value is not { } value) json.WriteNullValue();
                else if (Utf8.IsValid(value.Span)) json.WriteStringValue(value.Span);
                else json.WriteBase64StringValue(value.Span);
            }

            json.WriteEndArray();
            WriteBytes(json, "key", "keyBase64", record.Key);
            WriteBytes(json, "payload", "payloadBase64", record.Value);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteBytes(Utf8JsonWriter json, string name, string base64Name, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is not { } present) json.WriteNull(name);
        else if (Utf8.IsValid(present.Span)) json.WriteString(name, present.Span);
        else json.WriteBase64String(base64Name, present.Span);
    }
}
