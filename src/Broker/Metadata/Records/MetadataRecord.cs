using System.Text.Json.Serialization;

namespace Moldau.Broker.Metadata.Records;

/// <summary>What all records carry. Which thing a record is about stands in its key and is not repeated.</summary>
public abstract record MetadataRecord
{
    /// <summary>Of this kind of record. A field more is a version more: a build refuses what it does not wholly know.</summary>
    [JsonPropertyName("v")]
    [JsonPropertyOrder(-3)]
    [JsonRequired]
    public int Version { get; init; } = 1;
}
