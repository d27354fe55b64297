using System.Collections.Concurrent;
using Moldau.Broker.Metadata.Image;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Coordinators;

/// <summary>The topics of one image of the metadata, as groups see them.</summary>
internal sealed class TopicDirectory(MetadataImage image) : ITopicDirectory
{
    // Kept for what they have computed of themselves; many shards ask at once.
    private readonly ConcurrentDictionary<string, TopicFacts> _facts = new(StringComparer.Ordinal);
    private readonly Lazy<long> _newest = new(() => image.Topics.Select(static topic => topic.Revision).DefaultIfEmpty().Max());

    public MetadataImage Image => image;

    public long Revision => image.Revision;

    public long NewestTopicRevision => _newest.Value;

    public IEnumerable<string> Names => image.Topics.Select(static topic => topic.Name);

    public TopicFacts? Find(string name) => image.FindTopic(name) is { } topic ? Facts(topic) : null;

    public TopicFacts? Find(Uuid id) => image.FindTopic(id) is { } topic ? Facts(topic) : null;

    private TopicFacts Facts(TopicImage topic) =>
        _facts.TryGetValue(topic.Name, out var known) ? known : _facts.GetOrAdd(topic.Name, new TopicFacts(topic.Id, topic.Name, topic.PartitionCount, partition => Racks(topic, partition)));

    private List<string> Racks(TopicImage topic, int partition)
    {
        var racks = new List<string>();
        foreach (var replica in topic.Partition(partition)?.Record.Replicas ?? [])
        {
            if (image.Nodes.TryGetValue(replica, out var node) && node.Record.Rack is { } rack) racks.Add(rack);
        }

        return racks;
    }
}
