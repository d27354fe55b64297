using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Groups;

/// <summary>What the topics are called that an assignment gives by their ids.</summary>
internal sealed class TopicNames
{
    private readonly Dictionary<Uuid, string> _names = [];

    public TopicPartition? Find((Uuid Topic, int Partition) where) => _names.TryGetValue(where.Topic, out var name) ? new TopicPartition(name, where.Partition) : null;

    /// <summary>Those of them that have a name.</summary>
    public List<TopicPartition> Of(IEnumerable<(Uuid Topic, int Partition)> partitions)
    {
        var named = new List<TopicPartition>();
        foreach (var one in partitions)
        {
            if (Find(one) is { } where) named.Add(where);
        }

        return named;
    }

    /// <summary>Topics that have none.</summary>
    public HashSet<Uuid> Missing(IEnumerable<(Uuid Topic, int Partition)> partitions)
    {
        var unnamed = new HashSet<Uuid>();
        foreach (var (topic, _) in partitions)
        {
            if (!_names.ContainsKey(topic)) unnamed.Add(topic);
        }

        return unnamed;
    }

    public static MetadataRequest Request(HashSet<Uuid> ids)
    {
        var request = new MetadataRequest { AllowAutoTopicCreation = false, Topics = [] };
        foreach (var id in ids) request.Topics.Add(new MetadataRequest.Topic { TopicId = id, Name = null });
        return request;
    }

    public void Learn(MetadataResponse topics)
    {
        foreach (var topic in topics.Topics)
        {
            if (topic.Name is { } name && !topic.TopicId.IsZero && topic.ErrorCode == ErrorCode.None) _names[topic.TopicId] = name;
        }
    }
}
