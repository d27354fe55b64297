using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;

namespace Moldau.Unit.Broker.Metadata.Records;

/// <summary>A record of whatever kind its key says, read and written again.</summary>
internal static class AnyRecord
{
    public static byte[] Again(string key, byte[] value)
    {
        var entry = new FactEntry(key, value, 4, 5);
        return new MetadataKey(key, 5).Kind() switch
        {
            MetadataKind.Cluster => Again<ClusterRecord>(entry),
            MetadataKind.Features => Again<FeaturesRecord>(entry),
            MetadataKind.Node => Again<NodeRecord>(entry),
            MetadataKind.UncleanStart => Again<UncleanStartRecord>(entry),
            MetadataKind.TopicName => Again<TopicNameRecord>(entry),
            MetadataKind.Topic => Again<TopicRecord>(entry),
            MetadataKind.Partition => Again<PartitionRecord>(entry),
            MetadataKind.Config => Again<ConfigRecord>(entry),
            MetadataKind.Credential => Again<CredentialRecord>(entry),
            MetadataKind.DelegationToken => Again<DelegationTokenRecord>(entry),
            MetadataKind.Acl => Again<AclRecord>(entry),
            MetadataKind.Quota => Again<QuotaRecord>(entry),
            MetadataKind.ProducerIds => Again<ProducerIdsRecord>(entry),
            _ => Again<LatestAdditionRecord>(entry),
        };
    }

    private static byte[] Again<T>(FactEntry entry)
        where T : class, IMetadataRecord => RecordCodec.Encode(RecordCodec.Decode<T>(entry));
}
