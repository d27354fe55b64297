using Moldau.Coordination.Groups;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>Topics that are made, get more partitions, and are deleted and made again with another id; and where their logs end.</summary>
internal sealed class SimulatedTopics : ITopicDirectory
{
    private readonly Dictionary<string, TopicFacts> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<(Uuid Topic, int Partition), long> _ends = [];
    private ulong _ids;

    public long Revision { get; private set; } = 1;

    public long NewestTopicRevision { get; private set; }

    public IEnumerable<string> Names => _topics.Keys;

    public List<TopicFacts> All => [.. _topics.Values.OrderBy(static topic => topic.Name, StringComparer.Ordinal)];

    public TopicFacts? Find(string name) => _topics.GetValueOrDefault(name);

    public TopicFacts? Find(Uuid id) => _topics.Values.FirstOrDefault(topic => topic.Id == id);

    public void Make(string name, int partitions)
    {
        NewestTopicRevision = ++Revision;
        _topics[name] = new TopicFacts(new Uuid(1, ++_ids), name, partitions, static _ => []);
    }

    public void Grow(string name, int partitions)
    {
        Revision++;
        _topics[name] = new TopicFacts(_topics[name].Id, name, partitions, static _ => []);
    }

    public void Delete(string name)
    {
        Revision++;
        _topics.Remove(name);
    }

    public long EndOf(Uuid topic, int partition) => _ends.GetValueOrDefault((topic, partition));

    public void Produce(Uuid topic, int partition, int records) => _ends[(topic, partition)] = EndOf(topic, partition) + records;
}
