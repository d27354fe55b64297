using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Share;

/// <summary>
/// Has share coordinators forget the state of topics, or of a whole group. What is to go is written down first, so that what was
/// interrupted can be taken up again by whoever asks for it.
/// </summary>
internal sealed class StateDeletion(ShareGroups groups)
{
    /// <summary>A group that nobody is in, with all its state.</summary>
    /// <param name="tell">Puts the result into the reply.</param>
    public void DeleteGroup(ShareGroup group, Action<ErrorCode> tell, PendingReply reply, Outcome outcome)
    {
        var states = group.States.Value;
        var going = StatePartitions.Union(StatePartitions.Union(states.Initialized, states.Initializing), Left(states));
        if (going.Count == 0)
        {
            Forget(group, tell, reply, outcome);
            return;
        }

        Ask(group, going, reply, (faults, then) =>
        {
            if (faults.Count == 0)
            {
                Finish(group, tell, reply, then);
                return;
            }

            Tell(faults.Values.First().Error, tell, reply, then);
        }, outcome);
    }

    /// <summary>DeleteShareGroupOffsets: everything a group that nobody is in has of some topics.</summary>
    public void DeleteOffsets(DeleteShareGroupOffsetsRequest request, PendingReply<DeleteShareGroupOffsetsResponse> reply, Outcome outcome)
    {
        var group = groups.FindOrMake(request.GroupId, mayMake: false);
        if (group.HasMembers) throw ShareGroups.NotEmpty(group.Name);
        var (states, topics) = (group.States.Value, groups.Surroundings.Topics());
        var going = new Dictionary<Uuid, StateTopic>();
        var told = new List<DeleteShareGroupOffsetsResponse.Topic>();
        foreach (var name in request.Topics.Select(static topic => topic.TopicName))
        {
            var row = new DeleteShareGroupOffsetsResponse.Topic { TopicName = name };
            reply.Response.Responses.Add(row);
            if (topics.Find(name) is not { } topic)
                (row.ErrorCode, row.ErrorMessage) = (ErrorCode.UnknownTopicOrPartition, $"there is no topic '{name}'");
            else if (!states.Initialized.ContainsKey(topic.Id) && !states.Deleting.ContainsKey(topic.Id))
                (row.ErrorCode, row.ErrorMessage) = (ErrorCode.UnknownTopicOrPartition, "There is no offset information to delete.");
            else
                going[topic.Id] = WithState(topic, states);

            if (row.ErrorCode != ErrorCode.None) continue;
            row.TopicId = topics.Find(name)!.Id;
            told.Add(row);
        }

        if (going.Count == 0)
        {
            outcome.Send(reply);
            return;
        }

        Ask(group, going, reply, (faults, then) =>
        {
            foreach (var row in told)
            {
                if (faults.TryGetValue(row.TopicId, out var fault)) (row.ErrorCode, row.ErrorMessage) = fault;
            }

            var gone = going.Keys.Where(topic => !faults.ContainsKey(topic) && !group.Going.ContainsKey(topic)).ToHashSet();
            if (groups.FindShare(request.GroupId) is { } left && left == group) groups.Write(left, left.States.Value with { Deleting = left.States.Value.Deleting.Where(topic => !gone.Contains(topic.Key)).ToDictionary() }, then);
            then.Send(reply);
        }, outcome);
    }

    /// <summary>Somebody may have joined it, had it begin elsewhere, or deleted it, while the answer was on its way.</summary>
    private void Finish(ShareGroup group, Action<ErrorCode> tell, PendingReply reply, Outcome outcome)
    {
        var isThere = groups.FindShare(group.Name) == group;
        if (isThere && !group.HasMembers)
        {
            var states = group.States.Value;
            // All that was asked for is gone. Somebody else's deletion may fail yet, and what is there now was asked for since.
            if (group.Going.Count > 0) Tell(ErrorCode.CoordinatorNotAvailable, tell, reply, outcome);
            else if (states.Initialized.Count + states.Initializing.Count > 0) DeleteGroup(group, tell, reply, outcome);
            else Forget(group, tell, reply, outcome);
            return;
        }

        Tell(isThere ? ErrorCode.NonEmptyGroup : ErrorCode.GroupIdNotFound, tell, reply, outcome);
    }

    private void Forget(ShareGroup group, Action<ErrorCode> tell, PendingReply reply, Outcome outcome)
    {
        groups.Forget(group, outcome);
        Tell(ErrorCode.None, tell, reply, outcome);
    }

    private static void Tell(ErrorCode error, Action<ErrorCode> tell, PendingReply reply, Outcome outcome)
    {
        tell(error);
        outcome.Send(reply);
    }

    private void Ask(
        ShareGroup group, Dictionary<Uuid, StateTopic> going, PendingReply waiting, Action<Dictionary<Uuid, (ErrorCode Error, string? Message)>, Outcome> then, Outcome outcome)
    {
        groups.Write(group, group.States.Value.WithDeleting(going), outcome);
        group.Deletions++;
        foreach (var topic in going.Keys) group.Going[topic] = group.Going.GetValueOrDefault(topic) + 1;
        var request = new DeleteShareGroupStateRequest { GroupId = group.Name };
        foreach (var (id, topic) in going)
        {
            var row = new DeleteShareGroupStateRequest.Topic { TopicId = id };
            foreach (var partition in topic.Partitions.Order()) row.Partitions.Add(new DeleteShareGroupStateRequest.PartitionQuery { Partition = partition });
            request.Topics.Add(row);
        }

        groups.Requests.Ask(request, waiting, (response, after) =>
        {
            Ended(group, going.Keys);
            then(Faults(response as DeleteShareGroupStateResponse, going), after);
        }, outcome, unsaid: () => Ended(group, going.Keys));
    }

    private static void Ended(ShareGroup group, IEnumerable<Uuid> topics)
    {
        foreach (var topic in topics)
        {
            if (--group.Going[topic] == 0) group.Going.Remove(topic);
        }
    }

    /// <summary>By topic. Of what is not known to anybody nothing is left.</summary>
    private static Dictionary<Uuid, (ErrorCode Error, string? Message)> Faults(DeleteShareGroupStateResponse? response, Dictionary<Uuid, StateTopic> going)
    {
        if (response is null) return going.Keys.ToDictionary(static topic => topic, static _ => (ErrorCode.CoordinatorNotAvailable, (string?)"the share coordinator did not answer"));
        var faults = new Dictionary<Uuid, (ErrorCode, string?)>();
        foreach (var topic in response.Results)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.ErrorCode is not (ErrorCode.None or ErrorCode.UnknownTopicOrPartition)) faults.TryAdd(topic.TopicId, (partition.ErrorCode, partition.ErrorMessage));
            }
        }

        return faults;
    }

    /// <summary>What an earlier attempt has left.</summary>
    private Dictionary<Uuid, StateTopic> Left(StatePartitions states)
    {
        var topics = groups.Surroundings.Topics();
        var left = new Dictionary<Uuid, StateTopic>();
        foreach (var id in states.Deleting.Keys)
        {
            if (topics.Find(id) is { } topic) left[id] = All(topic);
        }

        return left;
    }

    /// <summary>Those that have it, and those that may: asked for in vain, or deleted in vain.</summary>
    private static StateTopic WithState(TopicFacts topic, StatePartitions states)
    {
        if (states.Deleting.ContainsKey(topic.Id)) return All(topic);
        var known = states.Initialized[topic.Id];
        return states.Initializing.TryGetValue(topic.Id, out var asked) ? known.With(asked.Partitions) : known;
    }

    private static StateTopic All(TopicFacts topic) => new(topic.Name, Enumerable.Range(0, topic.PartitionCount).ToHashSet());
}
