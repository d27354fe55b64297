namespace Moldau.Broker.Diagnostics;

/// <summary>Kafka's MBeans that have nothing here to stand for them, and why.</summary>
internal static class MBeansWithout
{
    private const string OneNode = "there are no replicas on other nodes yet";
    private const string NoQuorum = "the metadata of one node needs no quorum, no heartbeats and no elections";
    private const string NoConversion = "batches are stored in the form they came in, or made anew by moldau's own check; nothing is converted for old formats";
    private const string NoShare = "of share groups sessions, share-partitions, the records that were given, that are out and that were answered for, dead letters, the times of their requests and their coordinators' shards are counted; no single one of ours stands for it";
    private const string OwnProcess = "the coordinator and the partition are in the same process, and nothing is sent";
    private const string Snapshots = "the store of one node has no snapshots of its own; its file is made anew where it has grown";

    public static IReadOnlyList<(string Name, string Reason)> All { get; } =
    [
        ("kafka.cluster:type=Partition,name=ReplicasCountPerDirectory", OneNode),
        ("kafka.controller:type=ControllerEventManager,name=*", NoQuorum),
        ("kafka.controller:type=ControllerStats,name=*", NoQuorum),
        ("kafka.controller:type=KafkaController,name=BrokerRegistrationState,broker=*", NoQuorum),
        ("kafka.controller:type=KafkaController,name=TimeSinceLastHeartbeatReceivedMs,broker=*", NoQuorum),
        ("kafka.controller:type=KafkaController,name=ControlledShutdownBrokerCount", NoQuorum),
        ("kafka.controller:type=KafkaController,name=EventQueueOperations*", NoQuorum),
        ("kafka.controller:type=KafkaController,name=FencedBrokerCount", NoQuorum),
        ("kafka.controller:type=KafkaController,name=IgnoredStaticVoters", NoQuorum),
        ("kafka.controller:type=KafkaController,name=LastAppliedRecordLagMs", NoQuorum),
        ("kafka.controller:type=KafkaController,name=LastAppliedRecordTimestamp", NoQuorum),
        ("kafka.controller:type=KafkaController,name=MetadataErrorCount", "what cannot be read of the metadata stops the start with the reason"),
        ("kafka.controller:type=KafkaController,name=NewActiveControllersCount", NoQuorum),
        ("kafka.controller:type=KafkaController,name=PreferredReplicaImbalanceCount", OneNode),
        ("kafka.controller:type=KafkaController,name=TimedOutBrokerHeartbeatCount", NoQuorum),
        ("kafka.coordinator.transaction:type=TransactionMarkerChannelManager,name=*", OwnProcess),
        ("kafka.log:type=LogCleaner,name=max-buffer-utilization-percent", "a pass takes as many keys as its memory holds, and the next goes on from there"),
        ("kafka.log:type=LogCleaner,name=max-compaction-delay-secs", "it would have to survey every log for each scrape"),
        ("kafka.log:type=LogCleanerManager,name=max-dirty-percent", "it would have to survey every log for each scrape"),
        ("kafka.log:type=LogCleanerManager,name=time-since-last-run-ms", "compaction looks for work all the time; moldau_compaction_threads_dead tells of its end"),
        ("kafka.log:type=LogCleanerManager,name=uncleanable-bytes,logDirectory=*", "it would have to survey every log for each scrape"),
        ("kafka.network:type=Acceptor,name=AcceptorBlockedPercent,listener=*", "nothing holds back who accepts: a connection that is one too many is closed, and counted in moldau_connections_refused_total"),
        ("kafka.network:type=RequestMetrics,name=MessageConversionsTimeMs,request=*", NoConversion),
        ("kafka.network:type=RequestMetrics,name=TemporaryMemoryBytes,request=*", NoConversion),
        ("kafka.server:type=AddPartitionsToTxnManager,name=*", OwnProcess),
        ("kafka.server:type=AddPartitionsManager-channel-metrics", OwnProcess),
        ("kafka.server:type=txn-marker-channel-metrics", OwnProcess),
        ("kafka.server:type=Persister-channel-metrics", NoShare),
        ("kafka.server:type=alter-partition-metrics,BrokerId=*", OneNode),
        ("kafka.server:type=directory-assignments-metrics,BrokerId=*", OneNode),
        ("kafka.server:type=forwarding-metrics,BrokerId=*", NoQuorum),
        ("kafka.server:type=heartbeat-metrics,BrokerId=*", NoQuorum),
        ("kafka.server:type=registration-metrics,BrokerId=*", NoQuorum),
        ("kafka.server:type=app-info,client-id=*", "the broker has no clients inside it"),
        ("kafka.server:type=AssignmentsManager,name=QueuedReplicaToDirAssignments", OneNode),
        ("kafka.server:type=BrokerMetadataListener,name=MetadataBatchProcessingTimeUs", "a change of the metadata is followed as it is written"),
        ("kafka.server:type=BrokerTopicMetrics,name=FetchMessageConversionsPerSec", NoConversion),
        ("kafka.server:type=BrokerTopicMetrics,name=ProduceMessageConversionsPerSec", NoConversion),
        ("kafka.server:type=BrokerTopicMetrics,name=Reassignment*", OneNode),
        ("kafka.server:type=BrokerTopicMetrics,name=Replication*", OneNode),
        ("kafka.server:type=BrokerTopicMetrics,name=*Share*", NoShare),
        ("kafka.server:type=DelayedFetchMetrics,name=ExpiresPerSec,fetcherType=follower", OneNode),
        ("kafka.server:type=DelayedOperationPurgatory,name=*", "the other waits are events of the coordinators (moldau_coordinator_events_total) or delays (moldau_requests_waiting{kind=\"all\"})"),
        ("kafka.server:type=ForwardingManager", NoQuorum),
        ("kafka.server:type=KafkaRequestHandlerPool,name=ControllerRequestHandlerAvgIdlePercent", "there is no second pool: see RequestHandlerAvgIdlePercent"),
        ("kafka.server:type=KafkaServer,name=linux-disk-*", "the machine's own exporter tells it"),
        ("kafka.server:type=ControllerServer,name=linux-disk-*", "the machine's own exporter tells it"),
        ("kafka.server:type=KafkaServer,name=yammer-metrics-count", "a count of metrics"),
        ("kafka.server:type=ControllerServer,name=yammer-metrics-count", "a count of metrics"),
        ("kafka.server:type=kafka-metrics-count", "a count of metrics"),
        ("kafka.server:type=MetadataLoader,name=AvgIdleRatio", NoQuorum),
        ("kafka.server:type=MetadataLoader,name=HandleLoadSnapshotCount", Snapshots),
        ("kafka.server:type=SnapshotEmitter,name=*", Snapshots),
        ("kafka.server:type=ReplicaAlterLogDirsManager,name=*", "a log moves between folders as one copy, which DescribeLogDirs tells the progress of"),
        ("kafka.server:type=ReplicaFetcherManager,name=*", OneNode),
        ("kafka.server:type=ReplicaManager,name=FailedIsrUpdatesPerSec", OneNode),
        ("kafka.server:type=ReplicaManager,name=IsrExpandsPerSec", OneNode),
        ("kafka.server:type=ReplicaManager,name=IsrShrinksPerSec", OneNode),
        ("kafka.server:type=ShareGroupMetrics,name=*", NoShare),
        ("kafka.server:type=ShareSessionCache,name=ShareSessionEvictionsPerSec", "no session makes room for another: who has one too many is refused"),
        ("kafka.server:type=share-coordinator-metrics*", NoShare),
        ("kafka.server:type=raft-channel-metrics", NoQuorum),
        ("kafka.server:type=raft-metrics", NoQuorum),
        ("kafka:type=kafka.Log4jController", "levels of loggers are changed by the configs of BROKER_LOGGER"),
    ];
}
