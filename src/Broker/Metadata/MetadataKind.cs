namespace Moldau.Broker.Metadata;

/// <summary>What a key is about.</summary>
public enum MetadataKind
{
    Cluster,
    Features,
    Node,
    UncleanStart,
    TopicName,
    Topic,
    Partition,
    Config,
    Credential,
    DelegationToken,
    Acl,
    Quota,
    ProducerIds,
    LatestAddition,
}
