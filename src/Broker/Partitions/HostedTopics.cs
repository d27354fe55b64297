using System.Collections.Concurrent;
using Moldau.Broker.Diagnostics.Counting;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Partitions;

/// <summary>The topics of this node, by name and by id. Any thread reads; one at a time changes.</summary>
internal sealed class HostedTopics
{
    private readonly ConcurrentDictionary<string, HostedTopic> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Uuid, HostedTopic> _byId = new();

    public int Count => _byId.Count;

    /// <summary>What went in and out of topics that are no more.</summary>
    public PartitionCounts Gone { get; } = new();

    /// <summary>In no order.</summary>
    public IEnumerable<HostedTopic> All
    {
        get
        {
            foreach (var (_, topic) in _byId) yield return topic;
        }
    }

    public HostedTopic? Find(string name) => _byName.GetValueOrDefault(name);

    public HostedTopic? Find(Uuid id) => _byId.GetValueOrDefault(id);

    public void Add(HostedTopic topic)
    {
        _byId[topic.Id] = topic;
        _byName[topic.Name] = topic;
    }

    public void Remove(HostedTopic topic)
    {
        // A newer one of the name stays.
        _byName.TryRemove(new KeyValuePair<string, HostedTopic>(topic.Name, topic));
        if (!_byId.TryRemove(topic.Id, out _)) return;
        foreach (var partition in topic.Partitions) Gone.Add(partition.Counts);
    }
}
