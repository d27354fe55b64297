using System.Text.Json.Serialization;

namespace Moldau.Broker.Metadata.Records;

/// <summary>With Kafka's codes.</summary>
[JsonConverter(typeof(WordConverter<AclResource>))]
public enum AclResource
{
    Topic = 2,
    Group = 3,
    Cluster = 4,
    TransactionalId = 5,
    DelegationToken = 6,
    User = 7,
}
