using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Broker.Metadata.Records;

/// <summary>Every kind of record, with every field it can have, and the names that are hardest on a key.</summary>
internal static class SampleRecords
{
    private static readonly Uuid Id = new(0x0123456789abcdef, 0xfedcba9876543210);

    public static IReadOnlyList<(string Key, byte[] Value)> All { get; } =
    [
        Of(MetadataKeys.Cluster, new ClusterRecord("wUj9QxW2Tn-3k1VhXfz8Qg")),
        Of(MetadataKeys.Features, new FeaturesRecord(3, new Dictionary<string, short> { ["transaction.version"] = 2, ["group.version"] = 1 })),
        Of(MetadataKeys.Node(7), new NodeRecord(Id, [new NodeEndpoint("CLIENTS", "moldau-7.example", 9092, "SASL_SSL"), new NodeEndpoint("NODES", "10.0.0.7", 9093, "PLAINTEXT")], "rack-a")),
        Of(MetadataKeys.Node(8), new NodeRecord(Id, [new NodeEndpoint("CLIENTS", "::1", 1, "PLAINTEXT")])),
        Of(MetadataKeys.UncleanStart(7), new UncleanStartRecord()),
        Of(MetadataKeys.TopicName("orders"), new TopicNameRecord(Id, 3)),
        Of(MetadataKeys.Topic(Id), new TopicRecord("orders", 3, TopicState.Created)),
        Of(MetadataKeys.Topic(new Uuid(1, 2)), new TopicRecord("unborn", 10_000, TopicState.Creating)),
        Of(MetadataKeys.Topic(new Uuid(1, 3)), new TopicRecord("gone", 1, TopicState.Removing)),
        Of(MetadataKeys.Partition(Id, 0), PartitionRecord.New([7])),
        Of(MetadataKeys.Partition(Id, 1), new PartitionRecord([7, 8, 9], [8, 7], 8, 12, 40)),
        Of(MetadataKeys.Partition(Id, 0x1fffff), new PartitionRecord(
            [7, 8, 9, 10], [], PartitionRecord.NoLeader, 3, 9, new ReplicaMove([10], [7]), new EligibleLeaders([8, 9], 8), IsRecovering: true)),
        Of(MetadataKeys.Config(ConfigResource.AllNodes), new ConfigRecord(new Dictionary<string, string> { ["log.retention.ms"] = "1000", ["compression.type"] = "zstd" })),
        Of(MetadataKeys.Config(ConfigResource.Node(7)), new ConfigRecord(new Dictionary<string, string> { ["listener.name.x.ssl.keystore.password"] = "\"ü\\\n" })),
        Of(MetadataKeys.Config(ConfigResource.Topic("orders")), new ConfigRecord(new Dictionary<string, string> { ["cleanup.policy"] = "compact,delete" })),
        Of(MetadataKeys.Config(ConfigResource.Group("a/b <ü>")), new ConfigRecord(new Dictionary<string, string> { ["consumer.session.timeout.ms"] = "45000" })),
        Of(MetadataKeys.Config(ConfigResource.ClientMetrics("all")), new ConfigRecord(new Dictionary<string, string> { ["interval.ms"] = "" })),
        Of(MetadataKeys.Credential(new ScramUser(ScramMechanism.Sha256, "alice/../=")), new CredentialRecord(new byte[] { 1, 255 }, new byte[32], new byte[] { 251, 255, 190 }, 8192)),
        Of(MetadataKeys.Credential(new ScramUser(ScramMechanism.Sha512, "")), new CredentialRecord(new byte[] { 0 }, new byte[] { 1 }, new byte[] { 2 }, 4096)),
        Of(MetadataKeys.DelegationToken("dG9rZW4"), new DelegationTokenRecord("User:alice", "User:admin", ["User:bob", "User:carol"], 1_700_000_000_000, 1_700_086_400_000, 1_700_604_800_000)),
        Of(MetadataKeys.Acl(Id), new AclRecord(AclResource.TransactionalId, AclPattern.Prefixed, "pay-", "User:CN=pay, O=Moldau", "10.0.0.0/8", AclOperation.IdempotentWrite, AclPermission.Allow)),
        Of(MetadataKeys.Acl(new Uuid(1, 4)), new AclRecord(AclResource.Topic, AclPattern.Literal, "*", "User:*", "*", AclOperation.All, AclPermission.Deny)),
        Of(MetadataKeys.Quota(new QuotaEntity(QuotaSubject.Of("a=b/ü%"), QuotaSubject.Default)), new QuotaRecord(new Dictionary<string, double> { ["producer_byte_rate"] = 1048576.5, ["consumer_byte_rate"] = 1e300 })),
        Of(MetadataKeys.Quota(new QuotaEntity(User: QuotaSubject.Of(""))), new QuotaRecord(new Dictionary<string, double> { ["request_percentage"] = 0.1 })),
        Of(MetadataKeys.Quota(new QuotaEntity(Address: QuotaSubject.Of("::1"))), new QuotaRecord(new Dictionary<string, double> { ["connection_creation_rate"] = 10 })),
        Of(MetadataKeys.ProducerIds, new ProducerIdsRecord(9_000_000_000_000_000_000, Id, 7)),
        Of(MetadataKeys.LatestAddition, new LatestAdditionRecord("config/group/a/b <ü>")),
    ];

    private static (string Key, byte[] Value) Of<T>(string key, T record)
        where T : class, IMetadataRecord => (key, RecordCodec.Encode(record));
}
