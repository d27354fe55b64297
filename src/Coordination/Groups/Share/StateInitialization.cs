using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Share;

/// <summary>Asks share coordinators for the state of partitions that members subscribe to and that have none yet.</summary>
internal sealed class StateInitialization(ShareGroups groups)
{
    /// <summary>Left to the partition's leader.</summary>
    public const long NoStart = -1;

    /// <summary>Partitions of subscribed topics that have no state, and that nobody has asked for lately, or is about to let go.</summary>
    public Dictionary<Uuid, StateTopic> Missing(ShareGroup group, IEnumerable<string> subscribed, ITopicDirectory topics, long now)
    {
        var states = group.States.Value;
        var retry = groups.Surroundings.Rules(group.Name).InitializeRetryInterval;
        var missing = new Dictionary<Uuid, StateTopic>();
        foreach (var name in subscribed)
        {
            // One message overtaken by the other, and the state would be gone for good.
            if (topics.Find(name) is not { } topic || group.Going.ContainsKey(topic.Id)) continue;
            var isAwaited = group.AskedAt.TryGetValue(topic.Id, out var at) && now - at < retry;
            var known = states.Ready(topic.Id).ToHashSet();
            if (isAwaited && states.Initializing.TryGetValue(topic.Id, out var waiting)) known.UnionWith(waiting.Partitions);
            if (known.Count >= topic.PartitionCount) continue;
            missing[topic.Id] = new StateTopic(name, Enumerable.Range(0, topic.PartitionCount).Where(partition => !known.Contains(partition)).ToHashSet());
        }

        return missing;
    }

    /// <summary>Whether partitions have become assignable, or are no more, since the targets were made.</summary>
    public static bool AreTargetsBehind(ShareGroup group)
    {
        var states = group.States.Value;
        if (states.Initialized.Count == 0) return false;
        var assigned = new Dictionary<Uuid, HashSet<int>>();
        foreach (var target in group.Targets)
        {
            foreach (var (topic, partitions) in target.Topics)
            {
                if (!assigned.TryGetValue(topic, out var all)) assigned[topic] = all = [];
                all.UnionWith(partitions);
            }
        }

        foreach (var (id, topic) in states.Initialized)
        {
            if (group.Topics.Contains(topic.Name) && !states.Ready(id).SetEquals(assigned.GetValueOrDefault(id) ?? [])) return true;
        }

        return false;
    }

    /// <summary>Asked when the records of the event are committed; the member's answer leaves with the answer to this.</summary>
    /// <param name="epoch">The group's: from now on it is the state's.</param>
    public void Ask(ShareGroup group, int epoch, Dictionary<Uuid, StateTopic> wanted, PendingReply<ShareGroupHeartbeatResponse> answer, Outcome outcome)
    {
        foreach (var topic in wanted.Keys) group.AskedAt[topic] = outcome.Now;
        var deletions = group.Deletions;
        groups.Requests.Ask(Request(group.Name, epoch, wanted, static (_, _) => NoStart), answer, (response, then) =>
        {
            var (error, message) = Fault(response as InitializeShareGroupStateResponse);
            Note(group, deletions, wanted, error, then);
            if (error == ErrorCode.None) then.Send(answer);
            else then.Fail(answer, error, message);
        }, outcome);
    }

    public static InitializeShareGroupStateRequest Request(string group, int epoch, Dictionary<Uuid, StateTopic> wanted, Func<Uuid, int, long> startOf)
    {
        var request = new InitializeShareGroupStateRequest { GroupId = group };
        foreach (var (id, topic) in wanted)
        {
            var row = new InitializeShareGroupStateRequest.Topic { TopicId = id };
            foreach (var partition in topic.Partitions.Order())
                row.Partitions.Add(new InitializeShareGroupStateRequest.PartitionState { Partition = partition, StateEpoch = epoch, StartOffset = startOf(id, partition) });
            request.Topics.Add(row);
        }

        return request;
    }

    /// <summary>
    /// Writes down what has come of it. What was given up meanwhile, with its topic or by somebody's word, stays so. Where nobody
    /// answered, or only some, it may have been done yet: it stays asked for, lest state be left that nobody knows of.
    /// </summary>
    /// <param name="deletions">Of the group, when it was asked: what was deleted since may be gone again, and is asked for again.</param>
    public void Note(ShareGroup group, int deletions, Dictionary<Uuid, StateTopic> wanted, ErrorCode error, Outcome outcome)
    {
        if (groups.FindShare(group.Name) != group) return;
        foreach (var topic in wanted.Keys) group.AskedAt.Remove(topic);
        if (error != ErrorCode.None || group.Deletions != deletions) return;
        var known = group.States.Value;
        var open = wanted.Where(topic => known.Initializing.ContainsKey(topic.Key)).ToDictionary();
        if (open.Count > 0) groups.Write(group, known.WithInitialized(open), outcome);
    }

    public static (ErrorCode Error, string? Message) Fault(InitializeShareGroupStateResponse? response)
    {
        if (response is null) return (ErrorCode.CoordinatorNotAvailable, "the share coordinator did not answer");
        foreach (var topic in response.Results)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.ErrorCode != ErrorCode.None) return (partition.ErrorCode, partition.ErrorMessage);
            }
        }

        return (ErrorCode.None, null);
    }
}
