using System.Collections.Concurrent;
using Moldau.Client.Connections;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Producing;

/// <summary>The topics a producer has written to, and those of their partitions.</summary>
internal sealed class TopicTable(ClientCore core, ProducerOptions options, BatchPool batches)
{
    private readonly ConcurrentDictionary<string, TopicQueues> _topics = new(StringComparer.Ordinal);
    private TopicQueues? _last;

    /// <summary>The topic's partitions, be they known or not.</summary>
    public TopicQueues Of(string topic)
    {
        // Most producers write to one topic, or to one for a while.
        if (Volatile.Read(ref _last) is { } last && last.Name == topic) return last;
        if (!_topics.TryGetValue(topic, out var found)) found = _topics.GetOrAdd(topic, Make);
        Volatile.Write(ref _last, found);
        return found;
    }

    /// <summary>Every partition there is.</summary>
    public List<PartitionQueue> All()
    {
        var all = new List<PartitionQueue>();
        foreach (var topic in _topics.Values) all.AddRange(topic.Partitions);
        return all;
    }

    /// <summary>Ends when all that waits to be appended has been.</summary>
    public async Task LinesEndAsync()
    {
        foreach (var topic in _topics.Values) await topic.LineEnd.ConfigureAwait(false);
    }

    /// <summary>Waits a little for a topic, or a partition of it: it may just have been made, or be made because it was asked for.</summary>
    /// <exception cref="KafkaException">It is not there, or may not be written to.</exception>
    public async Task FindAsync(TopicQueues topic, int partition, CancellationToken cancellation)
    {
        var started = core.Options.Clock.GetTimestamp();
        for (var round = 1; ; round++)
        {
            var cluster = await core.Retries.RunAsync(token => core.Metadata.GetAsync([topic.Name], createsTopics: true, token), static _ => { }, cancellation).ConfigureAwait(false);
            if (cluster.Topics[topic.Name].Error == ErrorCode.None && topic.See(cluster) && partition < topic.Count) return;
            var error = LeaderCalls.Missing(cluster, new TopicPartition(topic.Name, Math.Max(0, partition)));
            if (!error.IsTransient || core.Options.Clock.GetElapsedTime(started) > core.Options.MissingTopicTimeout) throw error;
            core.Metadata.MarkStale();
            await Task.Delay(core.BackOff.After(round), core.Options.Clock, cancellation).ConfigureAwait(false);
        }
    }

    private TopicQueues Make(string topic) =>
        new(topic, options, new StickyPartition(options, core.BackOff, core.Options.Clock), where => new PartitionQueue(where, options, batches, core.Options.Clock));
}
