using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Moldau.Client.Serdes;

internal sealed class JsonSerde<T>(JsonTypeInfo<T> type) : ISerde<T>
{
    // Writers are not cheap to make, and a producer is used by many threads.
    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    public void Write(T value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var json = writer ?? new Utf8JsonWriter(output);
        // One that is written within another's writing makes its own.
        writer = null;
        json.Reset(output);
        JsonSerializer.Serialize(json, value, type);
        json.Flush();
        json.Reset(Nowhere);
        writer = json;
    }

    public T Read(in ReadOnlySequence<byte> bytes, in SerdeContext context)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            var value = JsonSerializer.Deserialize(ref reader, type);
            if (reader.Read()) throw new JsonException("there is more behind its end");
            return value is null ? throw new JsonException("it is the word null, and a record without a value has no bytes") : value;
        }
        catch (Exception broken) when (broken is JsonException or NotSupportedException)
        {
            throw new SerdeException($"the {(context.IsKey ? "key" : "value")} is no {type.Type.Name} in JSON: {broken.Message}", context.Topic, broken);
        }
    }

    private static ArrayBufferWriter<byte> Nowhere => field ??= new ArrayBufferWriter<byte>(1);
}
