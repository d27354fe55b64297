using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Moldau.Client.Fetching;

namespace Moldau.Client.Telemetry;

/// <summary>What the consumers of one client count, a batch at a time.</summary>
internal sealed class ConsumerFigures(KafkaClientOptions options)
{
    private readonly ConcurrentDictionary<(string Topic, string? Group), StrongBox<long>> _given = new();
    private readonly Lock _gate = new();
    private readonly List<ConsumerWatch> _consumers = [];

    /// <summary>Whether there ever was a consumer.</summary>
    public bool IsUsed { get; private set; }

    public Tally Commits { get; } = new();

    public Tally Rebalances { get; } = new();

    /// <summary>While readers waited for records.</summary>
    public Tally Idle { get; } = new();

    /// <summary>The clock's timestamp when somebody last asked for records; 0 for never.</summary>
    public long LastPoll { get; private set; }

    public ConsumerWatch Begin(string? group, Subscription subscription, ClientSpans spans)
    {
        var watch = new ConsumerWatch(this, options, spans, group, subscription);
        lock (_gate)
        {
            IsUsed = true;
            _consumers.Add(watch);
        }

        return watch;
    }

    public void End(ConsumerWatch watch)
    {
        lock (_gate) _consumers.Remove(watch);
    }

    public void Given(string topic, string? group, int count) =>
        Interlocked.Add(ref _given.GetOrAdd((topic, group), static _ => new StrongBox<long>()).Value, count);

    public void Polls(long timestamp) => LastPoll = timestamp;

    public void Rebalanced(string group, TimeSpan took)
    {
        Rebalances.Add(took);
        if (ClientMeter.RebalanceDuration.Enabled)
            ClientMeter.RebalanceDuration.Record(took.TotalSeconds, new TagList { { TelemetryTag.ClientId, options.ClientId }, { TelemetryTag.Group, group } });
    }

    /// <summary>Offsets are being stored.</summary>
    public OperationWatch BeginCommit(ClientSpans spans, string group, IEnumerable<TopicPartition> partitions)
    {
        var span = ClientSpans.IsOn ? spans.BeginCommit(group, partitions) : null;
        return new OperationWatch(span, options.Clock, (took, error) =>
        {
            Commits.Add(took);
            if (ClientMeter.OperationDuration.Enabled) ClientMeter.OperationDuration.Record(took.TotalSeconds, OperationTags.Of(Operation.Commit, options.ClientId, null, group, error));
        });
    }

    public void CollectGiven(Action<string, string?, long> to)
    {
        foreach (var ((topic, group), count) in _given) to(topic, group, Interlocked.Read(ref count.Value));
    }

    public void CollectLag(Action<string?, TopicPartition, long> to)
    {
        foreach (var consumer in Consumers())
        {
            foreach (var (where, lag) in consumer.Lags()) to(consumer.Group, where, lag);
        }
    }

    public void CollectAssigned(Action<string?, int> to)
    {
        foreach (var consumer in Consumers()) to(consumer.Group, consumer.Assigned);
    }

    public int ConsumerCount => Consumers().Count;

    private List<ConsumerWatch> Consumers()
    {
        lock (_gate) return [.. _consumers];
    }
}
