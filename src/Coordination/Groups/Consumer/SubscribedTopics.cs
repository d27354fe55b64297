using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>Which existing topics members subscribe to, by name and by expression. Members that subscribe alike share a set.</summary>
internal sealed class SubscribedTopics(ConsumerGroup group, ITopicDirectory topics)
{
    private readonly Dictionary<string, HashSet<Uuid>> _sets = new(StringComparer.Ordinal);

    public HashSet<Uuid> Of(ConsumerMember member)
    {
        var key = $"{member.Regex}\n{string.Join('\n', member.TopicNames)}";
        if (_sets.TryGetValue(key, out var set)) return set;
        _sets[key] = set = [];
        var byRegex = member.Regex is { } regex ? group.Subscriptions.Resolved.Find(regex)?.Topics : null;
        foreach (var name in byRegex is null ? member.TopicNames : member.TopicNames.Union(byRegex, StringComparer.Ordinal))
        {
            if (topics.Find(name) is { } topic) set.Add(topic.Id);
        }

        return set;
    }
}
