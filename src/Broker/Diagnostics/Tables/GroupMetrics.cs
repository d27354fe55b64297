using System.Globalization;

namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>Of groups and their offsets.</summary>
internal static class GroupMetrics
{
    private const string Beans = "kafka.coordinator.group:type=GroupMetadataManager,name=";
    private const string Coordinator = "kafka.server:type=group-coordinator-metrics,";

    /// <summary>Told also where no group is in them.</summary>
    private static readonly (string Kind, string[] States)[] Known =
    [
        ("classic", ["PreparingRebalance", "CompletingRebalance", "Stable", "Empty", "Dead"]), ("consumer", ["Empty", "Assigning", "Reconciling", "Stable", "Dead"]),
        ("share", ["Empty", "Stable", "Dead"]), ("streams", ["Empty", "NotReady", "Assigning", "Reconciling", "Stable", "Dead"]),
    ];

    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        Metric.Gauge("moldau.groups", MetricUnit.None, "Groups, by protocol and state.", Groups, MetricLabel.Kind, MetricLabel.State)
            with
            {
                MBeans =
                [
                    new(Beans + "NumGroups", "sum(moldau_groups{kind=\"classic\"})"),
                    InState("PreparingRebalance"), InState("CompletingRebalance"), InState("Stable"), InState("Empty"), InState("Dead"),
                    new(Coordinator + "protocol=classic", "sum(moldau_groups{kind=\"classic\"})"), new(Coordinator + "protocol=consumer", "sum(moldau_groups{kind=\"consumer\"})"),
                    Consumers("Empty"), Consumers("Assigning"), Consumers("Reconciling"), Consumers("Stable"), Consumers("Dead"),
                    new(Coordinator + "protocol=share", "sum(moldau_groups{kind=\"share\"})"),
                    new(Coordinator + "protocol=streams", "sum(moldau_groups{kind=\"streams\"})"), new(Coordinator + "state=NotReady", "moldau_groups{kind=\"streams\",state=\"NotReady\"}"),
                ],
            },
        Metric.Gauge("moldau.group.offsets", MetricUnit.None, "Offsets that groups have stored, of all groups.", static (source, to) => to.Add(source.Groups.Lags.Count))
            with { MBeans = [Beans + "NumOffsets"] },
        Metric.Gauge("moldau.group.offset", MetricUnit.None, "The offset a group has stored for a partition: the next it will read.", static (source, to) =>
        {
            foreach (var lag in source.Groups.Lags) to.Add(lag.Committed, lag.Group, lag.Topic, Number(lag));
        }, MetricLabel.Group, MetricLabel.Topic, MetricLabel.Partition),
        Metric.Gauge("moldau.group.lag", MetricUnit.None, "Records between the offset a group has stored and the partition's high watermark.", static (source, to) =>
        {
            foreach (var lag in source.Groups.Lags)
            {
                if (source.Broker.Topics.Find(lag.Topic)?.Find(lag.Partition) is { Log: not null } partition)
                    to.Add(Math.Max(0, partition.HighWatermark - lag.Committed), lag.Group, lag.Topic, Number(lag));
            }
        }, MetricLabel.Group, MetricLabel.Topic, MetricLabel.Partition),
        Metric.Counter("moldau.share.acquired", MetricUnit.None, "Records that members of share groups were given; each delivery counts.", static (source, to) => to.Add(source.Broker.Figures.Data.Acquired)),
        Metric.Counter("moldau.share.acknowledged", MetricUnit.None, "Records that members of share groups accepted, released, rejected or renewed.", static (source, to) => to.Add(source.Broker.Figures.Data.Acknowledged)),
        Metric.Counter("moldau.share.dead.letters", MetricUnit.None, "Records that share groups gave up and that were copied into their topics for dead letters.",
            static (source, to) => to.Add(source.Broker.Figures.Data.DeadLetters)),
        Metric.Counter("moldau.share.group.dead.letters", MetricUnit.None, "The same by group, of the first 1,000 groups that had any since the start.", static (source, to) =>
        {
            foreach (var (group, count) in source.Broker.Figures.Data.Shares.DeadLetters) to.Add(count, group);
        }, MetricLabel.Group),
        Metric.Counter("moldau.share.dead.letters.failed", MetricUnit.None, "Records that could not be copied there, each time that was tried; what is not copied is tried again.",
            static (source, to) => to.Add(source.Broker.Figures.Data.DeadLetterFailures)),
        Metric.Gauge("moldau.share.group.in.flight", MetricUnit.None, "Records of a share group that were given to somebody and are not done with, also those that wait to be given again; of groups that fetch from this broker.", static (source, to) =>
        {
            if (source.Broker.Figures.Data.Shares.Partitions is not { } partitions) return;
            foreach (var (group, count) in partitions.InFlight) to.Add(count, group);
        }, MetricLabel.Group),
        Metric.Gauge("moldau.share.sessions", MetricUnit.None, "Open sessions of members of share groups.", static (source, to) => to.Add(source.Broker.Figures.Data.Shares.Sessions?.Count ?? 0))
            with { MBeans = ["kafka.server:type=ShareSessionCache,name=ShareSessionsCount"] },
        Metric.Gauge("moldau.share.partitions", MetricUnit.None, "Share-partitions that this broker leads: those that somebody fetches from, or still has records of.", static (source, to) => to.Add(source.Broker.Figures.Data.Shares.Partitions?.Count ?? 0))
            with { MBeans = ["kafka.server:type=ShareSessionCache,name=SharePartitionsCount"] },
    ];

    private static MBean InState(string state) => new($"{Beans}NumGroups{state}", $"moldau_groups{{kind=\"classic\",state=\"{state}\"}}");

    private static MBean Consumers(string state) => new($"{Coordinator}state={state}", $"moldau_groups{{kind=\"consumer\",state=\"{state}\"}}");

    private static void Groups(MetricSource source, MetricReading to)
    {
        var told = new HashSet<(string Kind, string State)>();
        foreach (var (kind, states) in Known)
        {
            foreach (var state in states)
            {
                told.Add((kind, state));
                to.Add(source.Groups.States.GetValueOrDefault((kind, state)), kind, state);
            }
        }

        foreach (var ((kind, state), count) in source.Groups.States)
        {
            if (!told.Contains((kind, state))) to.Add(count, kind, state);
        }
    }

    private static string Number(GroupLag lag) => lag.Partition.ToString(CultureInfo.InvariantCulture);
}
