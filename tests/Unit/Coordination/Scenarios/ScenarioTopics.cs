using Moldau.Coordination.Groups;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>The topics of a scenario: 'topic t 6' makes one, or gives it more partitions; 'topic t 0' deletes it.</summary>
internal sealed class ScenarioTopics : ITopicDirectory
{
    private readonly Dictionary<string, TopicFacts> _topics = new(StringComparer.Ordinal);

    public long Revision { get; private set; } = 1;

    public long NewestTopicRevision { get; private set; }

    public IEnumerable<string> Names => _topics.Keys;

    public TopicFacts? Find(string name) => _topics.GetValueOrDefault(name);

    public TopicFacts? Find(Uuid id) => _topics.Values.FirstOrDefault(topic => topic.Id == id);

    /// <summary>As readable in a trace as an id can be: the name's letters.</summary>
    public Uuid IdOf(string name) => _topics.TryGetValue(name, out var topic) ? topic.Id : new Uuid(0, name.Aggregate(0UL, static (sum, unit) => (sum << 8) | unit));

    public void Set(string name, int partitions)
    {
        Revision++;
        if (partitions == 0)
        {
            _topics.Remove(name);
            return;
        }

        NewestTopicRevision = Revision;
        _topics[name] = new TopicFacts(IdOf(name), name, partitions, static _ => []);
    }
}
