using System.Text.Json.Serialization;

namespace Moldau.Broker.Metadata.Records;

/// <summary>With Kafka's codes.</summary>
[JsonConverter(typeof(WordConverter<AclPermission>))]
public enum AclPermission
{
    Deny = 2,
    Allow = 3,
}
