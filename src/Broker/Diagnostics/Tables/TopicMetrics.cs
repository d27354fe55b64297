using Moldau.Broker.Diagnostics.Counting;

namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>What goes in and out, by topic; the sums of topics that are no more stand under an empty name, so that nothing goes back.</summary>
internal static class TopicMetrics
{
    private const string Beans = "kafka.server:type=BrokerTopicMetrics,name=";

    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        Of("moldau.topic.messages.in", MetricUnit.None, "Records appended", "MessagesInPerSec", static counts => counts.MessagesIn),
        Of("moldau.topic.in", MetricUnit.Bytes, "Bytes appended", "BytesInPerSec", static counts => counts.BytesIn),
        Of("moldau.topic.out", MetricUnit.Bytes, "Bytes read by consumers", "BytesOutPerSec", static counts => counts.BytesOut),
        Of("moldau.topic.produces", MetricUnit.None, "Batches that clients sent", "TotalProduceRequestsPerSec", static counts => counts.Produces),
        Of("moldau.topic.fetches", MetricUnit.None, "Partitions asked for by fetches", "TotalFetchRequestsPerSec", static counts => counts.Fetches),
        Of("moldau.topic.produces.failed", MetricUnit.None, "Batches of clients that were refused or failed", "FailedProduceRequestsPerSec", static counts => counts.FailedProduces),
        Of("moldau.topic.fetches.failed", MetricUnit.None, "Partitions of fetches that could not be read", "FailedFetchRequestsPerSec", static counts => counts.FailedFetches),
        Metric.Counter("moldau.unknown.partitions", MetricUnit.None, "Partitions that were asked for and are not here, by produces and fetches.", static (source, to) =>
        {
            to.Add(source.Broker.Figures.Data.UnknownProduces, "produce");
            to.Add(source.Broker.Figures.Data.UnknownFetches, "fetch");
        }, MetricLabel.Kind),
        Metric.Counter("moldau.batches.rejected", MetricUnit.None, "Batches that were not taken because of what they are, by reason.", static (source, to) =>
        {
            var data = source.Broker.Figures.Data;
            to.Add(data.TooLarge, "too_large");
            to.Add(data.Corrupt, "corrupt");
            to.Add(data.Invalid, "invalid");
        }, MetricLabel.Own("reason"))
            with
            {
                MBeans =
                [
                    Rejected("InvalidMagicNumberRecordsPerSec", "invalid"), Rejected("InvalidMessageCrcRecordsPerSec", "corrupt"),
                    Rejected("InvalidOffsetOrSequenceRecordsPerSec", "invalid"), Rejected("NoKeyCompactedTopicRecordsPerSec", "invalid"),
                ],
            },
        Metric.Counter("moldau.rejected", MetricUnit.Bytes, "Bytes of batches that were not taken because of what they are.", static (source, to) => to.Add(source.Broker.Figures.Data.RejectedBytes))
            with { MBeans = [Beans + "BytesRejectedPerSec"] },
    ];

    private static MBean Rejected(string name, string reason) => new(Beans + name, $"rate(moldau_batches_rejected_total{{reason=\"{reason}\"}}[1m])");

    private static MetricDeclaration Of(string name, string unit, string what, string bean, Func<PartitionCounts, long> choose)
    {
        var row = Metric.Counter(name, unit, what + ", by topic; those of deleted topics are under an empty name.", (source, to) =>
        {
            foreach (var topic in source.Broker.Topics.All) to.Add(topic.Partitions.Sum(partition => choose(partition.Counts)), topic.Name);
            to.Add(choose(source.Broker.Topics.Gone), "");
        }, MetricLabel.Topic);
        return row with { MBeans = [new(Beans + bean, $"sum(rate({row.PageName}[1m]))"), new(Beans + bean + ",topic=*", $"sum by (topic) (rate({row.PageName}[1m]))")] };
    }
}
