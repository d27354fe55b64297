using Moldau.Coordination.Groups.Patterns;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>
/// Keeps the topics that a group's regular expressions stand for. They are matched in an event of their own, after the heartbeat
/// that asked for it, and not more often than every ten seconds.
/// </summary>
internal sealed class RegexSubscriptions(ConsumerSurroundings surroundings)
{
    public const string Timer = "consumer-regex";

    private const long ShortestInterval = 10_000;

    /// <param name="mayDescribe">Which topics the member's principal may know of.</param>
    public RegexChange Update(ConsumerGroup group, ConsumerMember before, ConsumerMember after, Func<string, bool> mayDescribe, ConsumerRecords records, Outcome outcome)
    {
        var subscriptions = group.Subscriptions;
        var (change, mustResolve) = (RegexChange.None, false);
        if (before.TopicRegex != after.TopicRegex)
        {
            change = RegexChange.Updated;
            if (before.Regex is { } left && subscriptions.MembersWith(left) == 1) records.ForgetRegex(left);
            if (after.Regex is { } taken && subscriptions.MembersWith(taken) == 0)
            {
                Validate(taken);
                mustResolve = true;
            }
            else if (after.Regex is { } known ? subscriptions.Resolved.Contains(known) : before.Regex is not null)
            {
                change = RegexChange.UpdatedAndResolved;
            }
        }

        if ((!mustResolve && subscriptions.ExpressionCount == 0) || group.Resolving is not null) return change;
        var (refreshed, revision) = LastResolved(subscriptions);
        if (refreshed is { } last && outcome.Now <= last + ShortestInterval) return change;
        var expressions = subscriptions.ExpressionsAfter(before, after);
        mustResolve |= expressions.Count != subscriptions.Resolved.Count || revision < surroundings.Topics().NewestTopicRevision ||
            (refreshed is { } since && outcome.Now > since + surroundings.Rules(group.Name).RegexRefreshInterval);
        if (!mustResolve || expressions.Count == 0) return change;
        group.Resolving = mayDescribe;
        outcome.SetTimer(new ShardTimer(Timer, group.Name), TimeSpan.Zero);
        return change;
    }

    /// <summary>Matches all expressions of the group, and bumps its epoch where its topics have changed.</summary>
    public void Resolve(ConsumerGroup group, Outcome outcome)
    {
        if (group.Resolving is not { } mayDescribe) return;
        group.Resolving = null;
        var topics = surroundings.Topics();
        var resolved = group.Subscriptions.Expressions.Order(StringComparer.Ordinal)
            .ToDictionary(static expression => expression, expression => Match(expression, topics, mayDescribe, outcome.Now));
        if (resolved.Count == 0) return;
        var records = new ConsumerRecords(group.Name);
        var hasChanged = false;
        foreach (var (expression, now) in resolved)
        {
            hasChanged |= !now.Topics.SetEquals(group.Subscriptions.Resolved.Find(expression)?.Topics ?? new HashSet<string>());
            records.Regex(expression, now);
        }

        var (epoch, hash) = group.EpochAndHash.Value;
        var newHash = TopicHash.OfGroup(group.Subscriptions.TopicsWith(resolved).Keys, topics);
        if (hasChanged || newHash != hash)
        {
            records.GroupEpoch(epoch + 1, newHash);
            group.TopicsRevision = topics.Revision;
        }

        records.AppendTo(outcome);
    }

    /// <summary>Forgets those that nobody is left with when the members go.</summary>
    public static IReadOnlyList<string> ForgetUnused(ConsumerGroup group, IReadOnlyCollection<ConsumerMember> leaving, ConsumerRecords records)
    {
        var unused = leaving.Select(static member => member.Regex).OfType<string>().CountBy(static expression => expression)
            .Where(count => group.Subscriptions.MembersWith(count.Key) == count.Value).Select(static count => count.Key).ToList();
        foreach (var expression in unused) records.ForgetRegex(expression);
        return unused;
    }

    private static ResolvedRegex Match(string expression, ITopicDirectory topics, Func<string, bool> mayDescribe, long now)
    {
        var pattern = new TopicPattern(expression);
        return new ResolvedRegex(topics.Names.Where(name => pattern.Matches(name) && mayDescribe(name)).ToHashSet(StringComparer.Ordinal), topics.Revision, now);
    }

    private static (long? Timestamp, long Revision) LastResolved(Subscriptions subscriptions)
    {
        foreach (var resolved in subscriptions.Resolved.Values) return (resolved.Timestamp, resolved.Revision);
        return (null, 0);
    }

    private static void Validate(string expression)
    {
        try
        {
            _ = new TopicPattern(expression);
        }
        catch (PatternException problem)
        {
            throw new GroupRefusedException(ErrorCode.InvalidRegularExpression, $"SubscribedTopicRegex `{expression}` is not a valid regular expression: {problem.Message}.");
        }
    }
}
