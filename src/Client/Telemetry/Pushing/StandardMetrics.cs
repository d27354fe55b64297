using Moldau.Client.Connections;
using Moldau.Client.Metadata;

namespace Moldau.Client.Telemetry.Pushing;

/// <summary>
/// The metrics that KIP-714 wants of every client, under its names, in milliseconds where Kafka has them so. Averages, the longest and rates are of
/// the time since the last push that was taken; what nothing was recorded of is left out.
/// </summary>
internal sealed class StandardMetrics(ClientFigures figures, MetadataCache metadata, TimeProvider clock)
{
    public const string Prefix = "org.apache.kafka.";

    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private readonly Dictionary<string, double> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _shown = new(StringComparer.Ordinal);
    private readonly List<MetricPoint> _points = [];
    private DateTimeOffset _takenAt = clock.GetUtcNow();
    private DateTimeOffset _shownAt = clock.GetUtcNow();
    private TelemetrySubscription _wanted = null!;

    /// <summary>What is so now, of what is wanted.</summary>
    public IReadOnlyList<MetricPoint> Show(TelemetrySubscription wanted, DateTimeOffset now)
    {
        _wanted = wanted;
        _points.Clear();
        _shownAt = now;
        if (figures.Producing.IsUsed) ShowProducer();
        if (figures.Consuming.IsUsed) ShowConsumer();
        return _points;
    }

    /// <summary>What was shown last was taken: what follows counts from there.</summary>
    public void WasTaken()
    {
        foreach (var (name, total) in _shown) _taken[name] = total;
        _takenAt = _shownAt;
    }

    private void ShowProducer()
    {
        const string Producer = Prefix + "producer.";
        ShowConnections(Producer, static role => role == ConnectionRole.Requests);
        ShowTimes(Producer + "produce.throttle.time", figures.Producing.Throttled);
        ShowTimes(Producer + "record.queue.time", figures.Producing.Queued);
    }

    private void ShowConsumer()
    {
        const string Consumer = Prefix + "consumer.";
        var consuming = figures.Consuming;
        ShowConnections(Consumer, static role => role != ConnectionRole.Requests);
        ShowTimes(Consumer + "coordinator.commit.latency", consuming.Commits);
        ShowTimes(Consumer + "coordinator.rebalance.latency", consuming.Rebalances);
        ShowSum(Consumer + "coordinator.rebalance.latency.total", consuming.Rebalances.Total.TotalMilliseconds);
        var assigned = 0;
        consuming.CollectAssigned((_, count) => assigned += count);
        Show(new MetricPoint(Consumer + "coordinator.assigned.partitions", assigned));
        var fetches = new List<Tally>();
        foreach (var node in figures.Nodes()) fetches.Add(node.FetchLatency);
        ShowTimes(Consumer + "fetch.manager.fetch.latency", [.. fetches]);
        var idle = Since(Consumer + "poll.idle", consuming.Idle.Total.TotalSeconds);
        var elapsed = (_shownAt - _takenAt).TotalSeconds * Math.Max(1, consuming.ConsumerCount);
        if (elapsed > 0) Show(new MetricPoint(Consumer + "poll.idle.ratio.avg", Math.Clamp(idle / elapsed, 0, 1)));
        if (consuming.LastPoll != 0) Show(new MetricPoint(Consumer + "last.poll.seconds.ago", Math.Floor(clock.GetElapsedTime(consuming.LastPoll).TotalSeconds)));
    }

    /// <summary>A producer's are those that requests go by; a consumer's, those of its own for fetches and its membership.</summary>
    private void ShowConnections(string kind, Predicate<ConnectionRole> isOf)
    {
        var opened = 0L;
        var byNode = new Dictionary<int, List<Tally>>();
        foreach (var node in figures.Nodes())
        {
            if (!isOf(node.Role)) continue;
            opened += node.Opened;
            if (IdOf(node.Address) is not { } id) continue;
            if (!byNode.TryGetValue(id, out var tallies)) byNode[id] = tallies = [];
            tallies.Add(node.Latency);
        }

        var elapsed = (_shownAt - _takenAt).TotalSeconds;
        var rate = Since(kind + "connection.creation", opened) / elapsed;
        if (elapsed > 0) Show(new MetricPoint(kind + "connection.creation.rate", rate));
        ShowSum(kind + "connection.creation.total", opened);
        foreach (var (id, tallies) in byNode) ShowTimes(kind + "node.request.latency", id, [.. tallies]);
    }

    private int? IdOf(BrokerAddress address)
    {
        foreach (var broker in metadata.Current.Brokers.Values)
        {
            if (broker.Host == address.Host && broker.Port == address.Port) return broker.Id;
        }

        return null;
    }

    private void ShowTimes(string name, params Tally[] tallies) => ShowTimes(name, null, tallies);

    private void ShowTimes(string name, int? node, Tally[] tallies)
    {
        if (!_wanted.Wants(name + ".avg") && !_wanted.Wants(name + ".max")) return;
        var (count, total, longest) = (0L, TimeSpan.Zero, TimeSpan.Zero);
        foreach (var tally in tallies)
        {
            count += tally.Count;
            total += tally.Total;
            if (tally.TakeLongest() is var own && own > longest) longest = own;
        }

        var some = Since($"{name}.count{node}", count);
        var milliseconds = Since($"{name}.sum{node}", total.TotalMilliseconds);
        if (some <= 0) return;
        Show(new MetricPoint(name + ".avg", milliseconds / some, null, node));
        Show(new MetricPoint(name + ".max", longest.TotalMilliseconds, null, node));
    }

    private void ShowSum(string name, double total) =>
        Show(_wanted.IsDelta ? new MetricPoint(name, Since(name, total), _takenAt) : new MetricPoint(name, total, _began));

    private double Since(string name, double total)
    {
        _shown[name] = total;
        return total - _taken.GetValueOrDefault(name);
    }

    private void Show(MetricPoint point)
    {
        if (_wanted.Wants(point.Name)) _points.Add(point);
    }
}
