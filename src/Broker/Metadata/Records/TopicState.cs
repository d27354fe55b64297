using System.Text.Json.Serialization;

namespace Moldau.Broker.Metadata.Records;

[JsonConverter(typeof(WordConverter<TopicState>))]
public enum TopicState
{
    /// <summary>Partitions are being put; the name is not there yet.</summary>
    Creating,

    /// <summary>The name is there: set and left in the same transactions as it.</summary>
    Created,

    /// <summary>The name is gone, or never was there; what is left is being removed.</summary>
    Removing,
}
