using System.Globalization;
using Moldau.Protocol.Messages;

namespace Moldau.Testing.Releases;

/// <summary>Which versions of which APIs a release of Apache Kafka tells clients of.</summary>
internal sealed class KafkaRelease
{
    private readonly Dictionary<ApiKey, (short Lowest, short Highest)> _ranges = [];

    private KafkaRelease(string name, bool hasFeatures, string ranges)
    {
        (Name, HasFeatures) = (name, hasFeatures);
        foreach (var part in ranges.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var space = part.IndexOf(' ', StringComparison.Ordinal);
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            _ranges.Add(
                Enum.Parse<ApiKey>(part[..space]),
                (short.Parse(part[(space + 1)..dash], CultureInfo.InvariantCulture), short.Parse(part[(dash + 1)..], CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Those there are, the oldest first.</summary>
    public static IReadOnlyList<KafkaRelease> All { get; } =
    [
        new("2.1", false, """
            Produce 0-7, Fetch 0-10, ListOffsets 0-4, Metadata 0-7, OffsetCommit 0-6, OffsetFetch 0-5, FindCoordinator 0-2, JoinGroup 0-3,
            Heartbeat 0-2, LeaveGroup 0-2, SyncGroup 0-2, DescribeGroups 0-2, ListGroups 0-2, SaslHandshake 0-1, ApiVersions 0-2, CreateTopics 0-3,
            DeleteTopics 0-3, DeleteRecords 0-1, InitProducerId 0-1, OffsetForLeaderEpoch 0-2, AddPartitionsToTxn 0-1, AddOffsetsToTxn 0-1,
            EndTxn 0-1, WriteTxnMarkers 0-0, TxnOffsetCommit 0-2, DescribeAcls 0-1, CreateAcls 0-1, DeleteAcls 0-1, DescribeConfigs 0-2,
            AlterConfigs 0-1, AlterReplicaLogDirs 0-1, DescribeLogDirs 0-1, SaslAuthenticate 0-0, CreatePartitions 0-1,
            CreateDelegationToken 0-1, RenewDelegationToken 0-1, ExpireDelegationToken 0-1, DescribeDelegationToken 0-1, DeleteGroups 0-1
            """),
        new("2.8", false, """
            Produce 0-9, Fetch 0-12, ListOffsets 0-6, Metadata 0-11, OffsetCommit 0-8, OffsetFetch 0-7, FindCoordinator 0-3, JoinGroup 0-7,
            Heartbeat 0-4, LeaveGroup 0-4, SyncGroup 0-5, DescribeGroups 0-5, ListGroups 0-4, SaslHandshake 0-1, ApiVersions 0-3, CreateTopics 0-7,
            DeleteTopics 0-6, DeleteRecords 0-2, InitProducerId 0-4, OffsetForLeaderEpoch 0-4, AddPartitionsToTxn 0-3, AddOffsetsToTxn 0-3,
            EndTxn 0-3, WriteTxnMarkers 0-1, TxnOffsetCommit 0-3, DescribeAcls 0-2, CreateAcls 0-2, DeleteAcls 0-2, DescribeConfigs 0-4,
            AlterConfigs 0-2, AlterReplicaLogDirs 0-2, DescribeLogDirs 0-2, SaslAuthenticate 0-2, CreatePartitions 0-3,
            CreateDelegationToken 0-2, RenewDelegationToken 0-2, ExpireDelegationToken 0-2, DescribeDelegationToken 0-2, DeleteGroups 0-2,
            ElectLeaders 0-2, IncrementalAlterConfigs 0-1, AlterPartitionReassignments 0-0, ListPartitionReassignments 0-0, OffsetDelete 0-0,
            DescribeClientQuotas 0-1, AlterClientQuotas 0-1, DescribeUserScramCredentials 0-0, AlterUserScramCredentials 0-0,
            UpdateFeatures 0-0, DescribeCluster 0-0, DescribeProducers 0-0
            """),
        new("3.0", false, """
            Produce 0-9, Fetch 0-12, ListOffsets 0-7, Metadata 0-11, OffsetCommit 0-8, OffsetFetch 0-8, FindCoordinator 0-4, JoinGroup 0-7,
            Heartbeat 0-4, LeaveGroup 0-4, SyncGroup 0-5, DescribeGroups 0-5, ListGroups 0-4, SaslHandshake 0-1, ApiVersions 0-3, CreateTopics 0-7,
            DeleteTopics 0-6, DeleteRecords 0-2, InitProducerId 0-4, OffsetForLeaderEpoch 0-4, AddPartitionsToTxn 0-3, AddOffsetsToTxn 0-3,
            EndTxn 0-3, WriteTxnMarkers 0-1, TxnOffsetCommit 0-3, DescribeAcls 0-2, CreateAcls 0-2, DeleteAcls 0-2, DescribeConfigs 0-4,
            AlterConfigs 0-2, AlterReplicaLogDirs 0-2, DescribeLogDirs 0-2, SaslAuthenticate 0-2, CreatePartitions 0-3,
            CreateDelegationToken 0-2, RenewDelegationToken 0-2, ExpireDelegationToken 0-2, DescribeDelegationToken 0-2, DeleteGroups 0-2,
            ElectLeaders 0-2, IncrementalAlterConfigs 0-1, AlterPartitionReassignments 0-0, ListPartitionReassignments 0-0, OffsetDelete 0-0,
            DescribeClientQuotas 0-1, AlterClientQuotas 0-1, DescribeUserScramCredentials 0-0, AlterUserScramCredentials 0-0,
            UpdateFeatures 0-0, DescribeCluster 0-0, DescribeProducers 0-0, DescribeTransactions 0-0, ListTransactions 0-0
            """),
        new("3.9", false, """
            Produce 0-11, Fetch 0-17, ListOffsets 0-9, Metadata 0-12, OffsetCommit 0-9, OffsetFetch 0-9, FindCoordinator 0-6, JoinGroup 0-9,
            Heartbeat 0-4, LeaveGroup 0-5, SyncGroup 0-5, DescribeGroups 0-5, ListGroups 0-5, SaslHandshake 0-1, ApiVersions 0-4, CreateTopics 0-7,
            DeleteTopics 0-6, DeleteRecords 0-2, InitProducerId 0-5, OffsetForLeaderEpoch 0-4, AddPartitionsToTxn 0-5, AddOffsetsToTxn 0-4,
            EndTxn 0-4, WriteTxnMarkers 0-1, TxnOffsetCommit 0-4, DescribeAcls 0-3, CreateAcls 0-3, DeleteAcls 0-3, DescribeConfigs 0-4,
            AlterConfigs 0-2, AlterReplicaLogDirs 0-2, DescribeLogDirs 0-4, SaslAuthenticate 0-2, CreatePartitions 0-3,
            CreateDelegationToken 0-3, RenewDelegationToken 0-2, ExpireDelegationToken 0-2, DescribeDelegationToken 0-3, DeleteGroups 0-2,
            ElectLeaders 0-2, IncrementalAlterConfigs 0-1, AlterPartitionReassignments 0-0, ListPartitionReassignments 0-0, OffsetDelete 0-0,
            DescribeClientQuotas 0-1, AlterClientQuotas 0-1, DescribeUserScramCredentials 0-0, AlterUserScramCredentials 0-0, DescribeQuorum 0-2,
            UpdateFeatures 0-1, DescribeCluster 0-1, DescribeProducers 0-0, UnregisterBroker 0-0, DescribeTransactions 0-0, ListTransactions 0-1,
            GetTelemetrySubscriptions 0-0, PushTelemetry 0-0, ListConfigResources 0-0, DescribeTopicPartitions 0-0
            """),
        new("4.0", true, """
            Produce 0-12, Fetch 4-17, ListOffsets 1-10, Metadata 0-13, OffsetCommit 2-9, OffsetFetch 1-9, FindCoordinator 0-6, JoinGroup 2-9,
            Heartbeat 0-4, LeaveGroup 0-5, SyncGroup 0-5, DescribeGroups 0-6, ListGroups 0-5, SaslHandshake 0-1, ApiVersions 0-4, CreateTopics 2-7,
            DeleteTopics 1-6, DeleteRecords 0-2, InitProducerId 0-5, OffsetForLeaderEpoch 2-4, AddPartitionsToTxn 0-5, AddOffsetsToTxn 0-4,
            EndTxn 0-5, WriteTxnMarkers 1-1, TxnOffsetCommit 0-5, DescribeAcls 1-3, CreateAcls 1-3, DeleteAcls 1-3, DescribeConfigs 1-4,
            AlterConfigs 0-2, AlterReplicaLogDirs 1-2, DescribeLogDirs 1-4, SaslAuthenticate 0-2, CreatePartitions 0-3,
            CreateDelegationToken 1-3, RenewDelegationToken 1-2, ExpireDelegationToken 1-2, DescribeDelegationToken 1-3, DeleteGroups 0-2,
            ElectLeaders 0-2, IncrementalAlterConfigs 0-1, AlterPartitionReassignments 0-0, ListPartitionReassignments 0-0, OffsetDelete 0-0,
            DescribeClientQuotas 0-1, AlterClientQuotas 0-1, DescribeUserScramCredentials 0-0, AlterUserScramCredentials 0-0, DescribeQuorum 0-2,
            UpdateFeatures 0-2, DescribeCluster 0-2, DescribeProducers 0-0, UnregisterBroker 0-0, DescribeTransactions 0-0, ListTransactions 0-1,
            ConsumerGroupHeartbeat 0-1, ConsumerGroupDescribe 0-1, GetTelemetrySubscriptions 0-0, PushTelemetry 0-0, ListConfigResources 0-0,
            DescribeTopicPartitions 0-0
            """),
    ];

    public string Name { get; }

    /// <summary>Whether it tells of the features that groups and transactions go by.</summary>
    public bool HasFeatures { get; }

    public IReadOnlyDictionary<ApiKey, (short Lowest, short Highest)> Ranges => _ranges;

    /// <exception cref="ArgumentException">There is no table of it.</exception>
    public static KafkaRelease Find(string name)
    {
        foreach (var release in All)
        {
            if (release.Name == name) return release;
        }

        throw new ArgumentException($"there is no table of versions for Kafka '{name}'; there is one for {string.Join(", ", All.Select(static release => release.Name))}");
    }
}
