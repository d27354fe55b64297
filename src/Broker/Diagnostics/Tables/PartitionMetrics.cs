using System.Globalization;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Partitions;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>Of the partitions this node has: their logs, one by one, and how many are not as they should be.</summary>
internal static class PartitionMetrics
{
    private const string Replicas = "kafka.server:type=ReplicaManager,name=";

    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        Log("moldau.partition.log.start.offset", MetricUnit.None, "The first offset that can be read", static (_, log) => log.StartOffset, "kafka.log:type=Log,name=LogStartOffset,topic=*,partition=*"),
        Log("moldau.partition.log.end.offset", MetricUnit.None, "The offset of the next record to be appended", static (_, log) => log.EndOffset, "kafka.log:type=Log,name=LogEndOffset,topic=*,partition=*"),
        Log("moldau.partition.high.watermark", MetricUnit.None, "The offset below which consumers may read", static (partition, _) => partition.HighWatermark),
        Log("moldau.partition.log.size", MetricUnit.Bytes, "Bytes of the log's segments", static (_, log) => log.Size, "kafka.log:type=Log,name=Size,topic=*,partition=*"),
        Log("moldau.partition.log.segments", MetricUnit.None, "Segments of the log", static (_, log) => log.SegmentCount, "kafka.log:type=Log,name=NumLogSegments,topic=*,partition=*"),
        Log("moldau.partition.log.retention.used", MetricUnit.Ratio, "The log's size against retention.bytes, 0 where that is not set", Retention, "kafka.log:type=Log,name=RetentionSizeInPercent,topic=*,partition=*"),
        Log("moldau.partition.last.stable.offset.lag", MetricUnit.None, "Records between the last stable offset and the high watermark, which open transactions hold back", static (partition, _) => partition.HighWatermark - partition.LastStableOffset, "kafka.cluster:type=Partition,name=LastStableOffsetLag,topic=*,partition=*"),
        Record("moldau.partition.replicas", "Replicas a partition is to have", static (record, _) => record.Replicas.Length, "kafka.cluster:type=Partition,name=ReplicasCount,topic=*,partition=*"),
        Record("moldau.partition.in.sync.replicas", "Replicas that hold all that was acknowledged", static (record, _) => record.Isr.Length, "kafka.cluster:type=Partition,name=InSyncReplicasCount,topic=*,partition=*"),
        Metric.Gauge("moldau.partitions", MetricUnit.None, "Partitions on this node, by state.", static (source, to) =>
        {
            var (online, offline) = source.Broker.CountPartitions();
            to.Add(online, "online");
            to.Add(offline, "offline");
        }, MetricLabel.State)
            with
            {
                MBeans =
                [
                    new(Replicas + "PartitionCount", "sum(moldau_partitions)"), new(Replicas + "OfflineReplicaCount", "moldau_partitions{state=\"offline\"}"),
                    new("kafka.controller:type=KafkaController,name=OfflinePartitionsCount", "moldau_partitions{state=\"offline\"}"),
                ],
            },
        Count("moldau.partitions.led", "Partitions this node leads.", static (source, one) => one.Partition.Log is not null && one.Record.Leader == source.Broker.Settings.Node, Replicas + "LeaderCount"),
        Count("moldau.partitions.under.replicated", "Partitions with replicas that are not in sync.", static (_, one) => one.Record.Isr.Length < one.Record.Replicas.Length,
            Replicas + "UnderReplicatedPartitions", new MBean("kafka.cluster:type=Partition,name=UnderReplicated,topic=*,partition=*", "moldau_partition_replicas - moldau_partition_in_sync_replicas > bool 0")),
        Count("moldau.partitions.under.min.isr", "Partitions with fewer replicas in sync than min.insync.replicas.", static (_, one) => one.Record.Isr.Length < one.Topic.Settings.MinInSyncReplicas,
            Replicas + "UnderMinIsrPartitionCount", new MBean("kafka.cluster:type=Partition,name=UnderMinIsr,topic=*,partition=*", "moldau_partitions_under_min_isr")),
        Count("moldau.partitions.at.min.isr", "Partitions with just as many replicas in sync as min.insync.replicas.", static (_, one) => one.Record.Isr.Length == one.Topic.Settings.MinInSyncReplicas,
            Replicas + "AtMinIsrPartitionCount", new MBean("kafka.cluster:type=Partition,name=AtMinIsr,topic=*,partition=*", "moldau_partitions_at_min_isr")),
        Count("moldau.partitions.reassigning", "Partitions whose replicas are being moved.", static (_, one) => one.Record.Move is not null, Replicas + "ReassigningPartitions"),
        Metric.Gauge("moldau.producer.ids", MetricUnit.None, "Producers the partitions remember, each as often as there are partitions it wrote to.", static (source, to) => to.Add(source.Partitions.Sum(static partition => (long)(partition.Log?.Producers.Count ?? 0))))
            with { MBeans = [Replicas + "ProducerIdCount"] },
        Metric.Gauge("moldau.partitions.late.transactions", MetricUnit.None, "Partitions with a transaction that is open for longer than transaction.max.timeout.ms and five minutes.", Late)
            with { MBeans = [Replicas + "PartitionsWithLateTransactionsCount"] },
    ];

    private static double Retention(Partition partition, PartitionLog log) => log.Settings.RetentionBytes > 0 ? (double)log.Size / log.Settings.RetentionBytes : 0;

    private static void Late(MetricSource source, MetricReading to)
    {
        const int Slack = 5 * 60 * 1000;
        var oldest = source.Broker.Clock.GetUtcNow().ToUnixTimeMilliseconds() - source.Broker.Settings.Current.Transactions.MaxTimeout - Slack;
        to.Add(source.Partitions.Count(partition => partition.Log?.Producers.OldestTransactionTimestamp < oldest));
    }

    private static MetricDeclaration Log(string name, string unit, string what, Func<Partition, PartitionLog, double> choose, params MBean[] beans) => Metric.Gauge(name, unit, what + ", by partition.", (source, to) =>
    {
        foreach (var partition in source.Partitions)
        {
            if (partition.Log is { } log) to.Add(choose(partition, log), partition.Topic, Number(partition));
        }
    }, MetricLabel.Topic, MetricLabel.Partition) with { MBeans = beans };

    private static MetricDeclaration Record(string name, string what, Func<PartitionRecord, HostedTopic, int> choose, params MBean[] beans) => Metric.Gauge(name, MetricUnit.None, what + ", by partition.", (source, to) =>
    {
        foreach (var (topic, partition, record) in source.Records) to.Add(choose(record, topic), topic.Name, Number(partition));
    }, MetricLabel.Topic, MetricLabel.Partition) with { MBeans = beans };

    private static MetricDeclaration Count(string name, string help, Func<MetricSource, (HostedTopic Topic, Partition Partition, PartitionRecord Record), bool> matches, params MBean[] beans) =>
        Metric.Gauge(name, MetricUnit.None, help, (source, to) => to.Add(source.Records.Count(one => matches(source, one)))) with { MBeans = beans };

    private static string Number(Partition partition) => partition.Number.ToString(CultureInfo.InvariantCulture);
}
