using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Records;

/// <summary>
/// Records to bytes and back. JSON rather than a binary form, since whoever must look into etcd at night has only etcdctl;
/// it costs a microsecond or two and some 100 bytes a partition, which 100,000 of them bear.
/// </summary>
internal static class RecordCodec
{
    public static byte[] Encode<T>(T record)
        where T : class, IMetadataRecord
    {
        // What would not be read must not be written.
        if (record.Fault() is { } fault) throw new ArgumentException($"a {typeof(T).Name} cannot be written: {fault}", nameof(record));
        return JsonSerializer.SerializeToUtf8Bytes(record, TypeInfo<T>());
    }

    /// <exception cref="MetadataRecordException">It is damaged or of a newer version.</exception>
    public static T Decode<T>(FactEntry entry)
        where T : class, IMetadataRecord
    {
        try
        {
            var record = JsonSerializer.Deserialize(entry.Value.Span, TypeInfo<T>()) ?? throw new JsonException("it is null");
            if (record.Version > T.NewestVersion) throw Newer<T>(entry, record.Version);
            if (record.Version < 1) throw Damaged<T>(entry, $"version {record.Version}", null);
            if (record.Fault() is { } fault) throw Damaged<T>(entry, fault, null);
            return record;
        }
        catch (JsonException fault)
        {
            // A newer version has fields of its own, and those are what was stumbled over.
            throw VersionOf(entry.Value.Span) is { } version && version > T.NewestVersion
                ? Newer<T>(entry, version)
                : Damaged<T>(entry, fault.Message, fault);
        }
    }

    /// <exception cref="MetadataRecordException">It is damaged or of a newer version.</exception>
    public static Stored<T> Stored<T>(FactEntry entry)
        where T : class, IMetadataRecord => new(Decode<T>(entry), entry.ModRevision);

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)MetadataJson.Strict.GetTypeInfo(typeof(T));

    private static long? VersionOf(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("v"u8)) continue;
                return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var version) ? version : null;
            }
        }
        catch (JsonException)
        {
            // Then it is damaged.
        }

        return null;
    }

    private static MetadataRecordException Newer<T>(FactEntry entry, long version)
        where T : IMetadataRecord =>
        new(MetadataRecordFault.NewerVersion, entry.Key, entry.ModRevision,
            $"it has version {version}, this build reads up to {T.NewestVersion}: use the build that wrote it, or a later one");

    private static MetadataRecordException Damaged<T>(FactEntry entry, string what, JsonException? fault) =>
        new(MetadataRecordFault.Damaged, entry.Key, entry.ModRevision,
            $"{entry.Value.Length} bytes are no {typeof(T).Name}: {what.TrimEnd('.')}; restore it from an export, or put right by hand what changed it", fault);
}
