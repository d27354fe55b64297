using Moldau.Broker.Coordinators;
using Moldau.Coordination.Transactions;

namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>Of the coordinators: their shards, one for each partition of an internal topic, and transactions.</summary>
internal static class CoordinatorMetrics
{
    private const string Groups = "kafka.server:type=group-coordinator-metrics";
    private static readonly string[] ShardStates = ["active", "loading", "failed"];

    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        Metric.Gauge("moldau.coordinator.shards", MetricUnit.None, "Partitions of internal topics that have a coordinator, by what it coordinates and its state.", Shards, MetricLabel.Kind, MetricLabel.State)
            with { MBeans = [.. ShardStates.Select(static state => new MBean($"{Groups},state={state}", $"moldau_coordinator_shards{{kind=\"groups\",state=\"{state}\"}}"))] },
        Metric.Counter("moldau.coordinator.events", MetricUnit.None, "Events that coordinators have worked on.", static (source, to) => Sum(source, to, static counts => counts.Events), MetricLabel.Kind)
            with { MBeans = [new(Groups, "rate(moldau_coordinator_events_total{kind=\"groups\"}[1m])")] },
        Metric.Counter("moldau.coordinator.writes", MetricUnit.None, "Writes of coordinators into their partitions; what comes while one is on its way shares the next.", static (source, to) => Sum(source, to, static counts => counts.Flights), MetricLabel.Kind),
        Metric.Gauge("moldau.coordinator.load.time", MetricUnit.Seconds, "How long the slowest of a coordinator's partitions took to be read.", static (source, to) =>
        {
            foreach (var (kind, shards) in Kinds(source)) to.Add(shards.Select(static shard => shard.Counts.LoadTime.TotalSeconds).DefaultIfEmpty().Max(), kind);
        }, MetricLabel.Kind)
            with { MBeans = [new("kafka.server:type=transaction-coordinator-metrics", "moldau_coordinator_load_time_seconds{kind=\"transactions\"}")] },
        Metric.Gauge("moldau.transactions", MetricUnit.None, "Transactional ids, by the state of their transaction.", static (source, to) =>
        {
            foreach (var state in Enum.GetValues<TransactionState>())
            {
                if (state < TransactionState.Dead) to.Add(source.Transactions.States.GetValueOrDefault(state), state.ToString());
            }
        }, MetricLabel.State),
    ];

    private static IEnumerable<(string Kind, IEnumerable<(string State, ShardCounts Counts)> Shards)> Kinds(MetricSource source)
    {
        if (source.Broker.Coordinators is not { } coordinators) yield break;
        yield return ("groups", coordinators.Groups.Shards.Select(static shard => (shard.State, shard.Counts)));
        yield return ("transactions", coordinators.Transactions.Topic.Shards.Select(static shard => (shard.State, shard.Counts)));
    }

    private static void Shards(MetricSource source, MetricReading to)
    {
        foreach (var (kind, shards) in Kinds(source))
        {
            foreach (var state in ShardStates) to.Add(shards.Count(shard => shard.State == state), kind, state);
        }
    }

    private static void Sum(MetricSource source, MetricReading to, Func<ShardCounts, long> choose)
    {
        foreach (var (kind, shards) in Kinds(source)) to.Add(shards.Sum(shard => choose(shard.Counts)), kind);
    }
}
