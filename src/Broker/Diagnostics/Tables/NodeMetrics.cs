using System.Globalization;

namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>Of the node and its metadata.</summary>
internal static class NodeMetrics
{
    private const string Controller = "kafka.controller:type=KafkaController,name=";
    private const string Loader = "kafka.server:type=MetadataLoader,name=";

    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        Metric.Gauge("moldau.info", MetricUnit.None, "Always 1; who this is stands in the labels.", static (source, to) =>
            to.Add(1, typeof(NodeMetrics).Assembly.GetName().Version?.ToString(3) ?? "", source.Broker.ClusterId, source.Broker.Settings.Node.ToString(CultureInfo.InvariantCulture)),
            MetricLabel.Own("version"), MetricLabel.Own("cluster"), MetricLabel.Own("node"))
            with
            {
                MBeans =
                [
                    "kafka.server:type=app-info", "kafka.server:type=app-info,id=*", "kafka.server:type=KafkaServer,name=ClusterId", "kafka.server:type=ControllerServer,name=ClusterId",
                    Loader + "CurrentControllerId",
                ],
            },
        Metric.Gauge("moldau.ready", MetricUnit.None, "1 where the broker serves, 0 while it starts or stops.", static (source, to) => to.Add(source.Broker.NotReadyReason is null ? 1 : 0))
            with { MBeans = ["kafka.server:type=KafkaServer,name=BrokerState"] },
        Metric.Gauge("moldau.start.time", MetricUnit.Seconds, "When the broker was started, in seconds since 1970.", static (source, to) => to.Add(source.Broker.Figures.Started.ToUnixTimeMilliseconds() / 1000.0)),
        Metric.Gauge("moldau.uptime", MetricUnit.Seconds, "How long ago the broker was started.", static (source, to) => to.Add(source.Broker.Figures.Age.TotalSeconds)),
        Metric.Gauge("moldau.start.phase", MetricUnit.Seconds, "How long each phase of the start took.", static (source, to) =>
        {
            foreach (var (phase, milliseconds) in source.Broker.StartPhases) to.Add(milliseconds / 1000.0, phase);
        }, MetricLabel.Own("phase")),
        Metric.Gauge("moldau.controller.active", MetricUnit.None, "1 where this node decides over the metadata.", static (source, to) => to.Add(source.Broker.Metadata is null ? 0 : 1))
            with { MBeans = [Controller + "ActiveControllerCount"] },
        Metric.Gauge("moldau.nodes", MetricUnit.None, "Nodes that are registered.", static (source, to) => to.Add(source.Image.Nodes.Count))
            with { MBeans = [Controller + "ActiveBrokerCount"] },
        Metric.Gauge("moldau.topics", MetricUnit.None, "Topics there are.", static (source, to) => to.Add(source.Image.TopicCount))
            with { MBeans = [Controller + "GlobalTopicCount"] },
        Metric.Gauge("moldau.metadata.partitions", MetricUnit.None, "Partitions there are, on whatever node.", static (source, to) => to.Add(source.Image.Topics.Sum(static topic => (long)topic.PartitionCount)))
            with { MBeans = [Controller + "GlobalPartitionCount"] },
        Metric.Gauge("moldau.metadata.revision", MetricUnit.None, "How far the metadata is followed; grows with each change.", static (source, to) => to.Add(source.Image.Revision))
            with
            {
                MBeans =
                [
                    Controller + "LastAppliedRecordOffset", Controller + "LastCommittedRecordOffset", "kafka.server:type=broker-metadata-metrics",
                    new("kafka.server:type=BrokerMetadataListener,name=MetadataBatchSizes", "rate(moldau_metadata_revision[1m])"),
                ],
            },
        Metric.Gauge("moldau.feature.level", MetricUnit.None, "The level each feature is finalized at.", static (source, to) =>
        {
            if (source.Image.Features is not { } features) return;
            foreach (var (feature, level) in features.Levels) to.Add(level, feature);
        }, MetricLabel.Own("feature"))
            with { MBeans = [Loader + "FinalizedLevel,featureName=*", "kafka.server:type=node-metrics,feature-name=*", new(Loader + "CurrentMetadataVersion", "moldau_feature_level{feature=\"metadata.version\"}")] },
    ];
}
