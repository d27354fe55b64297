using System.Text.Json.Serialization;

namespace Moldau.Broker.Metadata.Records;

/// <summary>With Kafka's codes.</summary>
[JsonConverter(typeof(WordConverter<AclPattern>))]
public enum AclPattern
{
    Literal = 3,
    Prefixed = 4,
}
