using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>Who subscribes to what in a group, counted so that no event has to ask every member.</summary>
internal sealed class Subscriptions(UndoLog undo)
{
    private readonly DurableMap<string, SubscriptionCount> _topics = new(undo);
    private readonly DurableMap<string, int> _expressions = new(undo);
    private readonly DurableMap<string, int> _assignors = new(undo);
    private readonly DurableMap<string, int> _classicProtocols = new(undo);
    private readonly DurableMap<string, ResolvedRegex> _resolved = new(undo);

    public DurableMap<string, ResolvedRegex> Resolved => _resolved;

    public IEnumerable<string> Expressions => _expressions.Keys;

    public int ExpressionCount => _expressions.Count;

    public IEnumerable<string> Topics => _topics.Keys;

    public bool HasTopic(string name) => _topics.Contains(name);

    public int MembersWith(string expression) => _expressions.Find(expression);

    /// <summary>How many members that speak the classic protocol support one of this name.</summary>
    public int SupportersOf(string classicProtocol) => _classicProtocols.Find(classicProtocol);

    public void Change(ConsumerMember? from, ConsumerMember? to)
    {
        foreach (var name in from?.TopicNames ?? []) Count(name, byName: -1, byRegex: 0);
        foreach (var name in to?.TopicNames ?? []) Count(name, byName: 1, byRegex: 0);
        Count(_expressions, from?.Regex, -1);
        Count(_expressions, to?.Regex, 1);
        Count(_assignors, from?.ServerAssignor, -1);
        Count(_assignors, to?.ServerAssignor, 1);
        foreach (var (name, _) in from?.Classic?.Protocols ?? []) Count(_classicProtocols, name, -1);
        foreach (var (name, _) in to?.Classic?.Protocols ?? []) Count(_classicProtocols, name, 1);
    }

    public void Resolve(string expression, ResolvedRegex? resolved)
    {
        if (_resolved.TryGet(expression, out var before))
        {
            foreach (var topic in before.Topics) Count(topic, byName: 0, byRegex: -1);
            _resolved.Remove(expression);
        }

        if (resolved is null) return;
        _resolved.Set(expression, resolved);
        foreach (var topic in resolved.Topics) Count(topic, byName: 0, byRegex: 1);
    }

    /// <summary>The topics as they would be counted after a change.</summary>
    public Dictionary<string, SubscriptionCount> TopicsAfter(ConsumerMember? from, ConsumerMember? to)
    {
        var topics = _topics.ToDictionary(StringComparer.Ordinal);
        foreach (var name in from?.TopicNames ?? []) Count(topics, name, byName: -1, byRegex: 0);
        foreach (var name in to?.TopicNames ?? []) Count(topics, name, byName: 1, byRegex: 0);
        if (from?.Regex is { } old && old != to?.Regex && MembersWith(old) == 1) Forget(topics, old);
        return topics;
    }

    /// <summary>The topics as they would be counted without some members, and without expressions nobody else has.</summary>
    public Dictionary<string, SubscriptionCount> TopicsWithout(IEnumerable<ConsumerMember> members, IEnumerable<string> expressions)
    {
        var topics = _topics.ToDictionary(StringComparer.Ordinal);
        foreach (var name in members.SelectMany(static member => member.TopicNames)) Count(topics, name, byName: -1, byRegex: 0);
        foreach (var expression in expressions) Forget(topics, expression);
        return topics;
    }

    /// <summary>The topics as they would be counted if expressions stood for others.</summary>
    public Dictionary<string, SubscriptionCount> TopicsWith(IReadOnlyDictionary<string, ResolvedRegex> resolved)
    {
        var topics = _topics.ToDictionary(StringComparer.Ordinal);
        foreach (var (expression, now) in resolved)
        {
            Forget(topics, expression);
            foreach (var topic in now.Topics) Count(topics, topic, byName: 0, byRegex: 1);
        }

        return topics;
    }

    public Dictionary<string, int> ExpressionsAfter(ConsumerMember? from, ConsumerMember? to)
    {
        var expressions = _expressions.ToDictionary(StringComparer.Ordinal);
        if (from?.Regex == to?.Regex) return expressions;
        Count(expressions, from?.Regex, -1);
        Count(expressions, to?.Regex, 1);
        return expressions;
    }

    /// <summary>The server assignor most members ask for after a change; null where none does.</summary>
    public string? PreferredAssignor(ConsumerMember? from = null, ConsumerMember? to = null)
    {
        var assignors = _assignors.ToDictionary(StringComparer.Ordinal);
        Count(assignors, from?.ServerAssignor, -1);
        Count(assignors, to?.ServerAssignor, 1);
        var walked = new JavaHashMap<string, int>(JavaHash.OfText);
        foreach (var (name, count) in assignors) walked[name] = count;
        string? most = null;
        foreach (var (name, count) in walked)
        {
            if (most is null || count > assignors[most]) most = name;
        }

        return most;
    }

    private void Forget(Dictionary<string, SubscriptionCount> topics, string expression)
    {
        foreach (var topic in _resolved.Find(expression)?.Topics ?? new HashSet<string>()) Count(topics, topic, byName: 0, byRegex: -1);
    }

    private void Count(string topic, int byName, int byRegex)
    {
        var before = _topics.Find(topic);
        var after = new SubscriptionCount(before.ByName + byName, before.ByRegex + byRegex);
        if (after.IsNone) _topics.Remove(topic);
        else _topics.Set(topic, after);
    }

    private static void Count(Dictionary<string, SubscriptionCount> topics, string topic, int byName, int byRegex)
    {
        var before = topics.GetValueOrDefault(topic);
        var after = new SubscriptionCount(before.ByName + byName, before.ByRegex + byRegex);
        if (after.IsNone) topics.Remove(topic);
        else topics[topic] = after;
    }

    private static void Count(DurableMap<string, int> counts, string? name, int change)
    {
        if (name is null) return;
        var after = counts.Find(name) + change;
        if (after > 0) counts.Set(name, after);
        else counts.Remove(name);
    }

    private static void Count(Dictionary<string, int> counts, string? name, int change)
    {
        if (name is null) return;
        var after = counts.GetValueOrDefault(name) + change;
        if (after > 0) counts[name] = after;
        else counts.Remove(name);
    }
}
